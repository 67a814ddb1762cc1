-- Ends or prolongs an attempt's claim, if it still has it.
--
-- KEYS[1]  the request's record, and KEYS[2] the name of the attempt that has the request: see claim-request.lua
-- ARGV[1]  name of this attempt
-- ARGV[2]  how long the claim lasts from now on, in milliseconds; '0' ends it
-- ARGV[3]  the record to leave, or '' to leave what is there
-- ARGV[4]  how long the record is remembered from now on, in milliseconds
--
-- Returns 1, or 0 when another attempt may have the request by now.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
return 1

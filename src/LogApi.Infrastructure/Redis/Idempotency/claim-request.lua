-- Claims a request for one attempt.
--
-- KEYS[1]  the request's record: '0' open, '1' open with the digest of its body, '2' answered; what follows is for C# to read
-- KEYS[2]  the name of the attempt that has the request, with a time to live
-- ARGV[1]  name of this attempt
-- ARGV[2]  how long the claim lasts unless it is renewed, in milliseconds
-- ARGV[3]  the record to begin with when there is none
-- ARGV[4]  how long the record is remembered from this attempt on, in milliseconds
--
-- Returns 'answered' and the record; or 'underway' and how long that attempt's claim still lasts; or 'retry' and the record that
-- an earlier attempt left open; or 'first'. A run that a crash tears has at most claimed a request that nobody works on, which
-- ends by itself.
local record = redis.call('GET', KEYS[1])
if record and string.sub(record, 1, 1) == '2' then
  return { 'answered', record }
end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return { 'underway', redis.call('PTTL', KEYS[2]) }
end
if record then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return { 'retry', record }
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
return { 'first' }

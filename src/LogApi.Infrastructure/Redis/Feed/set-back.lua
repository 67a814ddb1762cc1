-- Notes that the log was set back, unless that was noted meanwhile, or it is another log by now.
--
-- KEYS[1]  head: hash with epoch, setbacks
-- ARGV[1]  epoch of the log
-- ARGV[2]  setbacks as they were read; '' for none
-- ARGV[3]  setbacks to be
--
-- Returns 1 when it is noted.
local head = redis.call('HMGET', KEYS[1], 'epoch', 'setbacks')
if head[1] ~= ARGV[1] or (head[2] or '') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'setbacks', ARGV[3])
return 1

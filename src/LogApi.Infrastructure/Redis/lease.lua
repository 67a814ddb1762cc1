-- Takes the lease, or makes one that the caller holds last longer, or gives it back.
--
-- KEYS[1]  lease: who holds it, with a time to live
-- ARGV[1]  who asks
-- ARGV[2]  for how many milliseconds; 0 to give it back
--
-- Returns 1 when the caller holds it now.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[1])
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1

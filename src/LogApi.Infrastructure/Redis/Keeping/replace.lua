-- Replaces a sealed bundle that the hot one contradicts, unless somebody else has by now.
--
-- KEYS[1]  sealed bundle
-- ARGV[1]  what is there
-- ARGV[2]  what is to be there
--
-- Returns 1 when it was replaced.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1

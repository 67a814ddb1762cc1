-- Takes a bundle out of a user's index, and each bitmap that has no bit left.
--
-- KEYS[1]  bitmap of the bundles of a chunk that have entries of the user
-- KEYS[2]  bitmap of the chunks that have
-- ARGV[1]  the bundle's place in the chunk
-- ARGV[2]  the chunk
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('SETBIT', KEYS[1], ARGV[1], 0)
  if redis.call('BITCOUNT', KEYS[1]) > 0 then
    return
  end
  redis.call('DEL', KEYS[1])
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('SETBIT', KEYS[2], ARGV[2], 0)
  if redis.call('BITCOUNT', KEYS[2]) == 0 then
    redis.call('DEL', KEYS[2])
  end
end

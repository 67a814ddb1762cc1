-- Takes the note of a retention run out of the head once it is done, unless it is another run's by now.
--
-- KEYS[1]  head: hash with dropping
-- ARGV[1]  the note
if redis.call('HGET', KEYS[1], 'dropping') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'dropping')
end

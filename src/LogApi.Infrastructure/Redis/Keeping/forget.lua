-- Takes the note of a run out of the head once the run is done, unless it is another run's by now.
--
-- KEYS[1]  head: hash with the note
-- ARGV[1]  the field that has it
-- ARGV[2]  the note
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end

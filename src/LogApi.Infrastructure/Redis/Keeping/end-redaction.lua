-- Takes the note of a redaction out of the head once nothing of the entry is left, and tells every process.
--
-- KEYS[1]  head: hash with epoch, redacting, redactions
-- ARGV[1]  the note
-- ARGV[2]  channel to announce it on
-- ARGV[3]  the entry's sequence number
--
-- Returns 1, or 0 when the note is not there.
if redis.call('HGET', KEYS[1], 'redacting') ~= ARGV[1] then
  return 0
end
local epoch = redis.call('HGET', KEYS[1], 'epoch') or ''
local count = redis.call('HINCRBY', KEYS[1], 'redactions', 1)
redis.call('HDEL', KEYS[1], 'redacting')
-- Who does not hear it finds the count changed.
redis.pcall('PUBLISH', ARGV[2], epoch .. ' ' .. string.format('%d', count) .. ' ' .. ARGV[3])
return 1

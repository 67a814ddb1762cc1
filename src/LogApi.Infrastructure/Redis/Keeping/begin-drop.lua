-- Notes in the head what retention is about to drop. Not while an entry is redacted: it may be one of these, and what is counted
-- of it would be taken off twice.
--
-- KEYS[1]  head: hash with dropping, redacting
-- ARGV[1]  the note
--
-- Returns the note that is there now, which may be that of another run; '' when there can be none yet.
local head = redis.call('HMGET', KEYS[1], 'dropping', 'redacting')
if head[1] then
  return head[1]
end
if head[2] then
  return ''
end
redis.call('HSET', KEYS[1], 'dropping', ARGV[1])
return ARGV[1]

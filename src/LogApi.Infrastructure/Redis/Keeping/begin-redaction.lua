-- Notes in the head which entry is to be redacted: one at a time. Not one that retention is about to drop, for what is counted of
-- it would be taken off twice.
--
-- KEYS[1]  head: hash with epoch, first, dropping, redacting, redactions
-- ARGV[1]  the note
-- ARGV[2]  epoch of the log that the entry belongs to
-- ARGV[3]  its sequence number
-- ARGV[4]  how many entries had been redacted before the entry was read
--
-- Returns the note that is there now, which may be another one; 'changed' when the entry must be read again first; 'dropped' when
-- there is nothing left to redact.
local head = redis.call('HMGET', KEYS[1], 'epoch', 'first', 'dropping', 'redacting', 'redactions')
local seq = tonumber(ARGV[3])
if head[4] then
  return head[4]
end
if head[1] ~= ARGV[2] or (head[5] or '0') ~= ARGV[4] then
  return 'changed'
end
local from, stop = string.match(head[3] or '', '^%S+ (%d+) (%d+)')
if seq < tonumber(head[2] or '0') or (from and seq >= tonumber(from) and seq < tonumber(stop)) then
  return 'dropped'
end
redis.call('HSET', KEYS[1], 'redacting', ARGV[1])
return ARGV[1]

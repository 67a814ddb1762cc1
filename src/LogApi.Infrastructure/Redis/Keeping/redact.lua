-- Erases an entry from the hot part of the log, and takes it out of what is counted by user, status and bytes. It stays an entry.
--
-- KEYS[1]  head: hash with first, sealed, pending, recount, redacting, and what append.lua counts there
-- KEYS[2]  users: sorted set of the users by the number of their entries that are kept
-- KEYS[3]  ids: hash from an entry's id to '<sequence number>:<side bytes>'
-- KEYS[4]  the bundle's list
-- KEYS[5]  list of the user's sequence numbers
-- ARGV[1]  '1' when the store applies a script whole, even in a crash; '0' when it may keep only the first of its effects
-- ARGV[2]  the note of the redaction, which must be in the head
-- ARGV[3]  the note that says that this is done
-- ARGV[4]  the entry's sequence number
-- ARGV[5]  its id
-- ARGV[6]  what its record begins with, which names the id
-- ARGV[7]  the record to leave
-- ARGV[8]  the side bytes to leave
-- ARGV[9]  its user
-- ARGV[10] its status
-- ARGV[11] how many bytes its record had
--
-- Returns 1, or 0 when the note is not there. Errors, with nothing written: 'LOGAPI_PENDING' when a torn append must be undone
-- first, for that restores users' counts.
--
-- What it erases may be erased twice. The counts change with the note, by one command; where a crash can tear a run, that command
-- leaves the user's new count as 'recount', from where this run or, when it is torn, whichever comes next puts it into the set.
-- 'redacted:N' tells who seals the bundle N that it is not what it was.
local BUNDLE = 256
local REST = 's:*'

local call = redis.call

local function text(number)
  return string.format('%d', math.max(0, number))
end

local function set_counts(counts)
  local at = 1
  while at <= #counts do
    local count, length, from = string.match(counts, '^(%d+) (%d+):()', at)
    at = from + tonumber(length)
    local user = string.sub(counts, from, at - 1)
    if count == '0' then
      call('ZREM', KEYS[2], user)
    else
      call('ZADD', KEYS[2], count, user)
    end
  end
end

local seq, user = tonumber(ARGV[4]), ARGV[9]
local bundle, place = text(math.floor(seq / BUNDLE)), seq % BUNDLE
local status = 's:' .. ARGV[10]
local head = call(
  'HMGET', KEYS[1], 'redacting', 'pending', 'recount', 'first', 'sealed', 'bytes', status, REST, 'redacted:' .. bundle)
if head[1] ~= ARGV[2] then
  return 0
end
if head[2] and head[2] ~= '' then
  return { err = 'LOGAPI_PENDING a torn append must be undone first' }
end
if head[3] and head[3] ~= '' then
  set_counts(head[3])
  call('HSET', KEYS[1], 'recount', '')
end

local is_hot = seq >= tonumber(head[5] or '0')
local changes = { 'redacting', ARGV[3] }
if is_hot then
  -- Where sealing was torn, the list or the row is gone already, and must not come back.
  local record = call('LINDEX', KEYS[4], place)
  if record and string.sub(record, 1, #ARGV[6]) == ARGV[6] then
    call('LSET', KEYS[4], place, ARGV[7])
  end
  local row = call('HGET', KEYS[3], ARGV[5])
  if row and tonumber(string.match(row, '^%d+') or '-1') == seq then
    call('HSET', KEYS[3], ARGV[5], text(seq) .. ':' .. ARGV[8])
  end
  call('LREM', KEYS[5], 0, text(seq))
  changes[3] = 'redacted:' .. bundle
  changes[4] = text(tonumber(head[9] or '0') + 1)
end

local recount = ''
if seq >= tonumber(head[4] or '0') then
  local counted = head[7] and status or REST
  changes[#changes + 1] = counted
  changes[#changes + 1] = text(tonumber(head[7] or head[8] or '0') - 1)
  changes[#changes + 1] = 'bytes'
  changes[#changes + 1] = text(tonumber(head[6] or '0') - tonumber(ARGV[11]) + #ARGV[7])
  local kept = tonumber(call('ZSCORE', KEYS[2], user) or '0') - 1
  recount = text(kept) .. ' ' .. string.format('%d', #user) .. ':' .. user
end
if ARGV[1] == '1' then
  set_counts(recount)
  call('HSET', KEYS[1], unpack(changes))
else
  changes[#changes + 1] = 'recount'
  changes[#changes + 1] = recount
  call('HSET', KEYS[1], unpack(changes))
  set_counts(recount)
  call('HSET', KEYS[1], 'recount', '')
end
return 1

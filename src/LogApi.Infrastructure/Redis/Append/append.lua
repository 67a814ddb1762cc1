-- Appends records to the log: all of them or none, in one order over all processes.
--
-- KEYS[1]  head: hash with next, epoch, pending
-- KEYS[2]  ids: hash from an entry's id to '<sequence number>:<tag>'
-- KEYS[3…] bundles and users' lists that may be touched, where the store needs that
-- ARGV[1]  what the log's keys start with. Bundle and user keys are made from it here, since their names follow from the head;
--          they share its hash tag, and every writer locks the head first.
-- ARGV[2]  channel to announce the new end on
-- ARGV[3]  epoch to use when the numbering starts here
-- ARGV[4]  name of the writing process, so that it knows its own announcements
-- ARGV[5]  '1' when the store applies a script whole, even in a crash, and needs no declared keys; '0' when it may keep only
--          the first of a script's effects, and locks declared keys only
-- ARGV[6…] id, tag, user, record for each entry
--
-- Returns the epoch and then for each entry its sequence number n, or -2 - n when its id was stored before under n: an id keeps
-- its first number, which makes a repeated call harmless. Errors, with nothing written: 'LOGAPI_KEYS <next>' when a bundle in reach is not declared,
-- 'LOGAPI_DAMAGED …' when the newest bundle lacks records.
--
-- Records are written before whatever points to them, the head last. Where a crash can tear a run, 'pending' names its rows
-- before the first of them is written, and the next run takes out what is there: else an id of a torn run could later answer
-- a retry with the number of somebody else's entry.
local BUNDLE = 256
local FIRST_ENTRY = 6
local PER_ENTRY = 4

local call = redis.call
local log, whole = ARGV[1], ARGV[5] == '1'

local function text(number)
  return string.format('%d', number)
end

local function bundle_key(seq)
  return log .. 'entries:' .. text(math.floor(seq / BUNDLE))
end

local function user_key(user)
  return log .. 'user:' .. user
end

local function seq_of_row(row)
  return row and tonumber(string.match(row, '^%d+'))
end

-- pending: '<end> <count> <ids, 16 bytes each><length>:<user>…'
local function undo(pending, start)
  local last, count, at = string.match(pending, '^(%d+) (%d+) ()')
  for _ = 1, tonumber(count) do
    local id = string.sub(pending, at, at + 15)
    local row = seq_of_row(call('HGET', KEYS[2], id))
    if row and row >= start then
      call('HDEL', KEYS[2], id)
    end
    at = at + 16
  end
  while at <= #pending do
    local length, from = string.match(pending, '^(%d+):()', at)
    at = from + tonumber(length)
    local key = user_key(string.sub(pending, from, at - 1))
    local row = call('LINDEX', key, -1)
    while row and tonumber(row) >= start do
      call('RPOP', key)
      row = call('LINDEX', key, -1)
    end
  end
  for seq = (math.floor(start / BUNDLE) + 1) * BUNDLE, tonumber(last) - 1, BUNDLE do
    call('DEL', bundle_key(seq))
  end
end

local head = call('HMGET', KEYS[1], 'next', 'epoch', 'pending')
local start = tonumber(head[1] or '0')
local epoch = head[2] or ARGV[3]
local count = (#ARGV - FIRST_ENTRY + 1) / PER_ENTRY

if not whole then
  local declared = {}
  for i = 3, #KEYS do
    declared[KEYS[i]] = true
  end
  for seq = start - start % BUNDLE, start + count - 1, BUNDLE do
    if not declared[bundle_key(seq)] then
      return { err = 'LOGAPI_KEYS ' .. text(start) }
    end
  end
end

local kept = call('LLEN', bundle_key(start))
if kept < start % BUNDLE then
  return { err = 'LOGAPI_DAMAGED the newest bundle has ' .. text(kept) .. ' records, the head says ' .. text(start % BUNDLE) }
end
if head[3] and head[3] ~= '' then
  undo(head[3], start)
end
if kept > start % BUNDLE then
  if start % BUNDLE == 0 then
    call('DEL', bundle_key(start))
  else
    call('LTRIM', bundle_key(start), 0, start % BUNDLE - 1)
  end
end

local ids = {}
for i = FIRST_ENTRY, #ARGV, PER_ENTRY do
  ids[#ids + 1] = ARGV[i]
end
local known = call('HMGET', KEYS[2], unpack(ids))

local next = start
local result = { epoch }
local records, fresh_ids, id_rows, seq_of = {}, {}, {}, {}
local users, rows_of = {}, {}
for i = 1, count do
  local id = ids[i]
  local at = FIRST_ENTRY + (i - 1) * PER_ENTRY
  local seq = seq_of_row(known[i]) or seq_of[id]
  if seq then
    result[#result + 1] = -2 - seq
  else
    seq = next
    next = next + 1
    seq_of[id] = seq
    fresh_ids[#fresh_ids + 1] = id
    id_rows[#id_rows + 1] = id
    id_rows[#id_rows + 1] = text(seq) .. ':' .. ARGV[at + 1]
    local user = ARGV[at + 2]
    if not rows_of[user] then
      rows_of[user] = {}
      users[#users + 1] = user
    end
    table.insert(rows_of[user], text(seq))
    records[#records + 1] = ARGV[at + 3]
    result[#result + 1] = seq
  end
end

if next == start then
  return result
end

if not whole then
  local pending = { text(next), ' ', text(#fresh_ids), ' ', table.concat(fresh_ids) }
  for i = 1, #users do
    pending[#pending + 1] = text(#users[i]) .. ':' .. users[i]
  end
  call('HSET', KEYS[1], 'pending', table.concat(pending))
end
local seq, i = start, 1
while i <= #records do
  local last = math.min(#records, i + BUNDLE - seq % BUNDLE - 1)
  call('RPUSH', bundle_key(seq), unpack(records, i, last))
  seq = seq + last - i + 1
  i = last + 1
end
for u = 1, #users do
  call('RPUSH', user_key(users[u]), unpack(rows_of[users[u]]))
end
call('HSET', KEYS[2], unpack(id_rows))
if whole then
  call('HSET', KEYS[1], 'next', text(next), 'epoch', epoch)
else
  call('HSET', KEYS[1], 'next', text(next), 'epoch', epoch, 'pending', '')
end
-- The entries are stored by now: an announcement that fails must not look like a failed append.
redis.pcall('PUBLISH', ARGV[2], epoch .. ' ' .. text(next) .. ' ' .. ARGV[4])

return result

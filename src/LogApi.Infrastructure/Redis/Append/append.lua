-- Appends records to the log: all of them or none, in one order over all processes.
--
-- KEYS[1]  head: hash with next, epoch, pending, sealed, recount, and what is counted (below)
-- KEYS[2]  ids: hash from the id of an entry that is not sealed to '<sequence number>:<side bytes>'
-- KEYS[3]  users: sorted set of the users by the number of their entries that are kept
-- KEYS[4…] bundles and users' lists that may be touched, where the store needs that
-- ARGV[1]  what the log's keys start with. Bundle and user keys are made from it here, since their names follow from the head;
--          they share its hash tag, and every writer locks the head first.
-- ARGV[2]  channel to announce the new end on
-- ARGV[3]  epoch to use when the numbering starts here
-- ARGV[4]  name of the writing process, so that it knows its own announcements
-- ARGV[5]  '1' when the store applies a script whole, even in a crash, and needs no declared keys; '0' when it may keep only
--          the first of a script's effects, and locks declared keys only
-- ARGV[6…] id, side bytes, user, meta, record for each entry; none at all to do no more than undo a torn run
--          meta: '<looked up> <minute> <status>', the minute being that of the entry's time since 1970. Ids leave KEYS[2] when
--          their bundle is sealed; 'looked up' is the sealed watermark up to which the id was looked for in the sealed part, or
--          '-' for an id that can't be stored yet.
--
-- Returns the epoch and then a number for each entry: its sequence number n when it is stored now; -2 - n when its id was stored
-- before under n, which makes a repeated call harmless; -1 when it is not stored and its id must be looked up again, since
-- bundles were sealed after the look-up. Errors, with nothing written: 'LOGAPI_KEYS <next>' when a bundle in reach is not
-- declared, 'LOGAPI_DAMAGED …' when the newest bundle lacks records.
--
-- Counted in the head, for the entries that are kept, in the one command that moves 'next': 'entries'; 'bytes' of their records;
-- 's:<status>' for the first 1,000 statuses that come, whose number is 'statuses', and 's:*' for the rest; and by minute, for
-- the last hour and a little more, 'm<minute % 64>' = '<minute> <status>=<count> …', likewise with * for what is past 50.
--
-- Records are written before whatever points to them, the head last. Where a crash can tear a run, 'pending' names its rows, and
-- the users' counts of before, ahead of the first of them, and the next run takes out what is there: else an id of a torn run
-- could later answer a retry with the number of somebody else's entry. 'recount', set by what drops entries, holds users' counts
-- that it is about to write: a run that finds them writes them first.
local BUNDLE = 256
local FIRST_ENTRY = 6
local PER_ENTRY = 5
local MINUTES = 64
local MOST_STATUSES = 1000
local MOST_STATUSES_A_MINUTE = 50
local REST = '*'

local call = redis.call
local format, match = string.format, string.match
local argv = ARGV
local log, whole = argv[1], argv[5] == '1'

local function text(number)
  return format('%d', number)
end

local function bundle_key(seq)
  return log .. 'entries:' .. text(math.floor(seq / BUNDLE))
end

local function user_key(user)
  return log .. 'user:' .. user
end

local function seq_of_row(row)
  return row and tonumber(match(row, '^%d+'))
end

-- '<count> <length>:<user>…': calls back with each user, and sets the counts.
local function set_counts(counts, at, visit)
  while at <= #counts do
    local count, length, from = match(counts, '^(%d+) (%d+):()', at)
    at = from + tonumber(length)
    local user = string.sub(counts, from, at - 1)
    if visit then
      visit(user)
    end
    if count == '0' then
      call('ZREM', KEYS[3], user)
    else
      call('ZADD', KEYS[3], count, user)
    end
  end
end

-- pending: '<end> <count> <ids, 16 bytes each>' and then the users with their counts
local function undo(pending, start)
  local last, count, at = match(pending, '^(%d+) (%d+) ()')
  for _ = 1, tonumber(count) do
    local id = string.sub(pending, at, at + 15)
    local row = seq_of_row(call('HGET', KEYS[2], id))
    if row and row >= start then
      call('HDEL', KEYS[2], id)
    end
    at = at + 16
  end
  set_counts(pending, at, function(user)
    local key = user_key(user)
    local row = call('LINDEX', key, -1)
    while row and tonumber(row) >= start do
      call('RPOP', key)
      row = call('LINDEX', key, -1)
    end
  end)
  for seq = (math.floor(start / BUNDLE) + 1) * BUNDLE, tonumber(last) - 1, BUNDLE do
    call('DEL', bundle_key(seq))
  end
end

local head = call('HMGET', KEYS[1], 'next', 'epoch', 'pending', 'sealed', 'recount', 'entries', 'bytes', 'statuses')
local start = tonumber(head[1] or '0')
local epoch = head[2] or argv[3]
local sealed = tonumber(head[4] or '0')
local count = (#argv - FIRST_ENTRY + 1) / PER_ENTRY

if not whole then
  local declared = {}
  for i = 4, #KEYS do
    declared[KEYS[i]] = true
  end
  for seq = start - start % BUNDLE, start + math.max(count, 1) - 1, BUNDLE do
    if not declared[bundle_key(seq)] then
      return { err = 'LOGAPI_KEYS ' .. text(start) }
    end
  end
end

local kept = call('LLEN', bundle_key(start))
if kept < start % BUNDLE then
  return { err = 'LOGAPI_DAMAGED the newest bundle has ' .. text(kept) .. ' records, the head says ' .. text(start % BUNDLE) }
end
if head[5] and head[5] ~= '' then
  set_counts(head[5], 1)
  call('HSET', KEYS[1], 'recount', '')
end
if head[3] and head[3] ~= '' then
  undo(head[3], start)
  call('HSET', KEYS[1], 'pending', '')
end
if kept > start % BUNDLE then
  if start % BUNDLE == 0 then
    call('DEL', bundle_key(start))
  else
    call('LTRIM', bundle_key(start), 0, start % BUNDLE - 1)
  end
end
if count == 0 then
  return { epoch }
end

local ids = {}
for i = 1, count do
  ids[i] = argv[FIRST_ENTRY + (i - 1) * PER_ENTRY]
end
local known = call('HMGET', KEYS[2], unpack(ids))

local next = start
local result = { epoch }
local records, bytes, fresh_ids, id_rows, seq_of = {}, 0, {}, {}, {}
local users, rows_of = {}, {}
local metas, meta_of = {}, {}
local at = FIRST_ENTRY
for i = 1, count do
  local id = ids[i]
  local seq = seq_of_row(known[i]) or seq_of[id]
  local meta = meta_of[argv[at + 3]]
  if not meta then
    local looked_up, minute, status = match(argv[at + 3], '^(%S+) (%d+) (%S+)$')
    meta = { stale = looked_up ~= '-' and sealed > tonumber(looked_up), minute = tonumber(minute), status = status, count = 0 }
    meta_of[argv[at + 3]] = meta
    metas[#metas + 1] = meta
  end
  if seq then
    result[i + 1] = -2 - seq
  elseif meta.stale then
    result[i + 1] = -1
  else
    seq = next
    next = next + 1
    seq_of[id] = seq
    local row = text(seq)
    local n = #records + 1
    fresh_ids[n] = id
    id_rows[2 * n - 1] = id
    id_rows[2 * n] = row .. ':' .. argv[at + 1]
    local user = argv[at + 2]
    local rows = rows_of[user]
    if rows then
      rows[#rows + 1] = row
    else
      rows_of[user] = { row }
      users[#users + 1] = user
    end
    local record = argv[at + 4]
    records[n] = record
    bytes = bytes + #record
    meta.count = meta.count + 1
    result[i + 1] = seq
  end
  at = at + PER_ENTRY
end

if next == start then
  return result
end

local counts = call('ZMSCORE', KEYS[3], unpack(users))
if not whole then
  local pending = { text(next), ' ', text(#fresh_ids), ' ', table.concat(fresh_ids) }
  for i = 1, #users do
    pending[#pending + 1] = text(tonumber(counts[i] or '0')) .. ' ' .. text(#users[i]) .. ':' .. users[i]
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
local scores = {}
for u = 1, #users do
  local rows = rows_of[users[u]]
  call('RPUSH', user_key(users[u]), unpack(rows))
  scores[2 * u - 1] = text(tonumber(counts[u] or '0') + #rows)
  scores[2 * u] = users[u]
end
call('ZADD', KEYS[3], unpack(scores))
call('HSET', KEYS[2], unpack(id_rows))

local function add(minute, status, number, most)
  if not minute.counts[status] and #minute.statuses >= most then
    status = REST
  end
  if not minute.counts[status] then
    minute.counts[status] = 0
    minute.statuses[#minute.statuses + 1] = status
  end
  minute.counts[status] = minute.counts[status] + number
end

local function read_minute(row)
  local minute = { at = tonumber(match(row or '', '^%d+') or '-1'), statuses = {}, counts = {} }
  for status, number in string.gmatch(row or '', ' ([^ =]+)=(%d+)') do
    add(minute, status, tonumber(number), math.huge)
  end
  return minute
end

local fields = {}
for m = 1, #metas do
  fields[2 * m - 1] = 's:' .. metas[m].status
  fields[2 * m] = 'm' .. text(metas[m].minute % MINUTES)
end
local stored = call('HMGET', KEYS[1], 's:' .. REST, unpack(fields))
local statuses = tonumber(head[8] or '0')
local totals, minutes = { ['s:' .. REST] = tonumber(stored[1] or '0') }, {}
for m = 1, #metas do
  local meta, field, slot = metas[m], fields[2 * m - 1], fields[2 * m]
  if meta.count > 0 then
    totals[field] = totals[field] or tonumber(stored[2 * m] or nil)
    if not totals[field] then
      if statuses < MOST_STATUSES then
        statuses = statuses + 1
        totals[field] = 0
      else
        field = 's:' .. REST
      end
    end
    totals[field] = totals[field] + meta.count

    minutes[slot] = minutes[slot] or read_minute(stored[2 * m + 1])
    if meta.minute > minutes[slot].at then
      minutes[slot] = { at = meta.minute, statuses = {}, counts = {} }
    end
    -- A process whose clock is an hour behind must not count into the minute that has its place now.
    if meta.minute == minutes[slot].at then
      add(minutes[slot], meta.status, meta.count, MOST_STATUSES_A_MINUTE)
    end
  end
end

local changes = {
  'next', text(next), 'epoch', epoch, 'entries', text(tonumber(head[6] or '0') + #records),
  'bytes', text(tonumber(head[7] or '0') + bytes), 'statuses', text(statuses),
}
for field, total in pairs(totals) do
  changes[#changes + 1] = field
  changes[#changes + 1] = text(total)
end
for slot, minute in pairs(minutes) do
  local row = { text(minute.at) }
  for s = 1, #minute.statuses do
    row[s + 1] = minute.statuses[s] .. '=' .. text(minute.counts[minute.statuses[s]])
  end
  changes[#changes + 1] = slot
  changes[#changes + 1] = table.concat(row, ' ')
end
if not whole then
  changes[#changes + 1] = 'pending'
  changes[#changes + 1] = ''
end
call('HSET', KEYS[1], unpack(changes))
-- The entries are stored by now: an announcement that fails must not look like a failed append.
redis.pcall('PUBLISH', argv[2], epoch .. ' ' .. text(next) .. ' ' .. argv[4])

return result

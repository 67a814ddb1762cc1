-- Appends records to the log: all of them or none, in one order over all processes.
--
-- KEYS[1]  head: hash with next, first, epoch
-- KEYS[2]  ids: hash from an entry's id to its sequence number
-- ARGV[1]  what the log's keys start with; bundle and user keys are made from it here, since their names follow from the head.
--          They share the head's hash tag, and every writer locks the head first.
-- ARGV[2]  channel to announce the new end on
-- ARGV[3]  epoch to use when the numbering starts here
-- ARGV[4]  name of the writing process, so that it knows its own announcements
-- ARGV[5…] id, user, record for each entry
--
-- Returns the epoch and then each entry's sequence number. An id that is already stored keeps its first number, which makes
-- a repeated call harmless. Records are written before whatever points to them.
local BUNDLE = 256
local ID_PART = 44 -- the length of {"id":"<uuid>", with which every record starts

local log = ARGV[1]
local head = redis.call('HMGET', KEYS[1], 'next', 'epoch')
local start = tonumber(head[1] or 0)
local epoch = head[2] or ARGV[3]

local function bundle_key(seq)
  return log .. 'entries:' .. string.format('%d', math.floor(seq / BUNDLE))
end

-- What an interrupted store may have left behind the head was never acknowledged.
local kept = redis.call('LLEN', bundle_key(start))
if kept > start % BUNDLE then
  if start % BUNDLE == 0 then
    redis.call('DEL', bundle_key(start))
  else
    redis.call('LTRIM', bundle_key(start), 0, start % BUNDLE - 1)
  end
elseif kept < start % BUNDLE then
  return redis.error_reply('LOGAPI_DAMAGED the newest bundle has fewer records than the head says')
end

local ids = {}
for i = 5, #ARGV, 3 do
  ids[#ids + 1] = ARGV[i]
end
local known = redis.call('HMGET', KEYS[2], unpack(ids))

local next = start
local result = { epoch }
local batch, id_rows, users, fresh = {}, {}, {}, {}
for i = 1, #ids do
  local id, user, record = ARGV[i * 3 + 2], ARGV[i * 3 + 3], ARGV[i * 3 + 4]
  local seq = fresh[id]
  if not seq and known[i] then
    -- A row that points to nothing, or to another entry, is no proof that this one is stored.
    local row = tonumber(known[i])
    local stored = row < start and redis.call('LINDEX', bundle_key(row), row % BUNDLE)
    if stored and string.sub(stored, 1, ID_PART) == string.sub(record, 1, ID_PART) then
      seq = row
    end
  end
  if not seq then
    seq = next
    next = next + 1
    fresh[id] = seq
    batch[#batch + 1] = record
    id_rows[#id_rows + 1] = id
    id_rows[#id_rows + 1] = seq
    users[user] = users[user] or {}
    table.insert(users[user], seq)
  end
  result[#result + 1] = seq
end

if next > start then
  local seq, i = start, 1
  while i <= #batch do
    local last = math.min(#batch, i + BUNDLE - seq % BUNDLE - 1)
    redis.call('RPUSH', bundle_key(seq), unpack(batch, i, last))
    seq = seq + last - i + 1
    i = last + 1
  end
  for user, rows in pairs(users) do
    redis.call('RPUSH', log .. 'user:' .. user, unpack(rows))
  end
  redis.call('HSET', KEYS[2], unpack(id_rows))
  redis.call('HSET', KEYS[1], 'next', next, 'epoch', epoch)
  redis.call('PUBLISH', ARGV[2], epoch .. ' ' .. string.format('%d', next) .. ' ' .. ARGV[4])
end

return result

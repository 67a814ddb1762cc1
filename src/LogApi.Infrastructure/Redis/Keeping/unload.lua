-- Takes a bundle that is sealed out of the hot part. What it removes is in the sealed part already, and the head moves last: when
-- a crash keeps only the first of its effects, or it is run twice, the next run does the rest.
--
-- KEYS[1]  head: hash with epoch, sealed, redacted:N for bundle N
-- KEYS[2]  ids: hash from an entry's id to '<sequence number>:<side bytes>'
-- KEYS[3]  the bundle's list
-- KEYS[4…] lists of the users who have entries in it
-- ARGV[1]  epoch of the log that it belongs to
-- ARGV[2]  its first sequence number
-- ARGV[3]  the first sequence number after it
-- ARGV[4]  the name of the head's field that counts the bundle's redactions
-- ARGV[5]  what that field held before the bundle was read to be sealed; '' for nothing
-- ARGV[6…] the ids of its entries
--
-- Returns the head's sealed number: ARGV[3] when the bundle was the next one, and was not redacted since it was read: what is
-- sealed may be of before that.
local FIRST_ID = 6

local call = redis.call

local function seq_of_row(row)
  return tonumber(string.match(row, '^%d+') or '-1')
end

local head = call('HMGET', KEYS[1], 'epoch', 'sealed', ARGV[4])
local start, stop = tonumber(ARGV[2]), tonumber(ARGV[3])
local sealed = tonumber(head[2] or '0')
if head[1] ~= ARGV[1] or sealed ~= start or (head[3] or '') ~= ARGV[5] then
  return sealed
end

for k = 4, #KEYS do
  local more = true
  while more do
    local rows = call('LRANGE', KEYS[k], 0, 63)
    local old = 0
    while old < #rows and tonumber(rows[old + 1]) < stop do
      old = old + 1
    end
    if old > 0 then
      call('LPOP', KEYS[k], old)
    end
    more = old == 64
  end
end

if #ARGV >= FIRST_ID then
  local ids = {}
  for i = FIRST_ID, #ARGV do
    ids[i - FIRST_ID + 1] = ARGV[i]
  end
  local rows = call('HMGET', KEYS[2], unpack(ids))
  local gone = {}
  for i = 1, #ids do
    -- A row that was changed to name another entry is that one's, and goes with it.
    if rows[i] and seq_of_row(rows[i]) < stop then
      gone[#gone + 1] = ids[i]
    end
  end
  if #gone > 0 then
    call('HDEL', KEYS[2], unpack(gone))
  end
end

call('DEL', KEYS[3])
if head[3] then
  call('HDEL', KEYS[1], ARGV[4])
end
call('HSET', KEYS[1], 'sealed', ARGV[3])
return stop

-- Moves the beginning of the log past a bundle, and takes its entries out of what is counted.
--
-- KEYS[1]  head: hash with epoch, first, sealed, pending, recount, and what append.lua counts there
-- KEYS[2]  users: sorted set of the users by the number of their entries that are kept
-- ARGV[1]  '1' when the store applies a script whole, even in a crash; '0' when it may keep only the first of its effects
-- ARGV[2]  epoch of the log that the bundle belongs to
-- ARGV[3]  its first sequence number
-- ARGV[4]  the first sequence number after it
-- ARGV[5]  how many bytes its records have
-- ARGV[6]  how many statuses follow
-- ARGV[7…] each status and how often it is there; then each user and how many entries of it are there
--
-- Returns the head's first number: ARGV[4] when the bundle was the next one. Errors, with nothing written: 'LOGAPI_PENDING' when
-- a torn append must be undone first, for that restores users' counts; 'LOGAPI_HOT' when the bundle is not sealed.
--
-- Where a crash can tear a run, the users' new counts are put into the head, as 'recount', by the one command that moves it, and
-- from there into their set: by this run or, when it is torn, by whichever comes next.
local REST = '*'

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

local head = call('HMGET', KEYS[1], 'epoch', 'first', 'sealed', 'pending', 'recount', 'entries', 'bytes')
local first = tonumber(head[2] or '0')
if head[1] ~= ARGV[2] then
  return first
end
if head[4] and head[4] ~= '' then
  return { err = 'LOGAPI_PENDING a torn append must be undone first' }
end
if head[5] and head[5] ~= '' then
  set_counts(head[5])
  call('HSET', KEYS[1], 'recount', '')
end
if first ~= tonumber(ARGV[3]) then
  return first
end
if tonumber(head[3] or '0') < tonumber(ARGV[4]) then
  return { err = 'LOGAPI_HOT the bundle is not sealed' }
end

local changes = {
  'first', ARGV[4],
  'entries', text(tonumber(head[6] or '0') - (tonumber(ARGV[4]) - first)),
  'bytes', text(tonumber(head[7] or '0') - tonumber(ARGV[5])),
}
local last_status = 6 + 2 * tonumber(ARGV[6])
local fields = { 's:' .. REST }
for i = 7, last_status, 2 do
  fields[#fields + 1] = 's:' .. ARGV[i]
end
local totals = call('HMGET', KEYS[1], unpack(fields))
local rest = tonumber(totals[1] or '0')
for s = 2, #fields do
  local number = tonumber(ARGV[4 + 2 * s])
  if totals[s] then
    changes[#changes + 1] = fields[s]
    changes[#changes + 1] = text(tonumber(totals[s]) - number)
  else
    rest = rest - number
  end
end
if totals[1] then
  changes[#changes + 1] = fields[1]
  changes[#changes + 1] = text(rest)
end

local users = {}
for i = last_status + 1, #ARGV, 2 do
  users[#users + 1] = ARGV[i]
end
local recount = {}
if #users > 0 then
  local counts = call('ZMSCORE', KEYS[2], unpack(users))
  for u = 1, #users do
    local kept = tonumber(counts[u] or '0') - tonumber(ARGV[last_status + 2 * u])
    recount[u] = text(kept) .. ' ' .. string.format('%d', #users[u]) .. ':' .. users[u]
  end
end
local counts = table.concat(recount)
if ARGV[1] == '1' then
  set_counts(counts)
  call('HSET', KEYS[1], unpack(changes))
else
  changes[#changes + 1] = 'recount'
  changes[#changes + 1] = counts
  call('HSET', KEYS[1], unpack(changes))
  set_counts(counts)
  call('HSET', KEYS[1], 'recount', '')
end
return tonumber(ARGV[4])

-- Begins an audit, or writes how far it is, or ends it.
--
-- KEYS[1]  audits: hash from ids to what is known of each, and running, the id of the one that is under way or ''
-- ARGV[1]  id; ids are in the order of time
-- ARGV[2]  what is known of it by now
-- ARGV[3]  what is there of it; '' to begin it
-- ARGV[4]  '1' when it has ended
-- ARGV[5]  how many that have ended are kept
--
-- Returns ARGV[1]; or, with nothing written, the id of another one that is under way; or '' when something else is there.
local call = redis.call
local running = call('HGET', KEYS[1], 'running') or ''
if running ~= '' and running ~= ARGV[1] and call('HEXISTS', KEYS[1], running) == 1 then
  return running
end
if (call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[3] then
  return ''
end
if ARGV[4] ~= '1' then
  call('HSET', KEYS[1], ARGV[1], ARGV[2], 'running', ARGV[1])
  return ARGV[1]
end
call('HSET', KEYS[1], ARGV[1], ARGV[2], 'running', '')
local ids = {}
for _, id in ipairs(call('HKEYS', KEYS[1])) do
  if id ~= 'running' then
    ids[#ids + 1] = id
  end
end
table.sort(ids)
for i = 1, #ids - tonumber(ARGV[5]) do
  call('HDEL', KEYS[1], ids[i])
end
return ARGV[1]

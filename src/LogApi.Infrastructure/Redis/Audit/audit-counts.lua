-- Reads what is counted of the log, all of one moment.
--
-- KEYS[1]  head: hash with what append.lua counts
-- KEYS[2]  users: sorted set of the users by the number of their entries that are kept
-- KEYS[3]  ids: hash from the ids of the hot part
-- ARGV[1]  how many users are given at the most
--
-- Returns the head's fields and values, the number of ids, the number of users, and the users with their numbers unless they are
-- too many.
local users = redis.call('ZCARD', KEYS[2])
local rows = {}
if users <= tonumber(ARGV[1]) then
  rows = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
end
return { redis.call('HGETALL', KEYS[1]), redis.call('HLEN', KEYS[3]), users, rows }

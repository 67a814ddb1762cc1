-- Puts a larger tree in the place of the one that it has grown from, unless another one is there by now: however many processes
-- sign, and however late, the published trees are one line. What is new comes with one command, so no crash keeps a part of it.
--
-- KEYS[1]  tree: hash with origin, epoch, size, root, refused, and the rest of what is published
-- KEYS[2]  head: hash with epoch, next
-- ARGV[1]  channel to announce the new size on
-- ARGV[2…5] origin, epoch, size and root of the tree that it has grown from; '' for what was not there
-- ARGV[6]  epoch of the log that it is of
-- ARGV[7]  its size
-- ARGV[8]  how many fields of full tiles follow that have keys of their own by now
-- ARGV[9…] these; then each field of the new tree and its value
--
-- Returns 1; or 0, with nothing written, when another tree is there, nothing may be signed, or the log is not so long.
local call = redis.call

local tree = call('HMGET', KEYS[1], 'origin', 'epoch', 'size', 'root', 'refused')
for i = 1, 4 do
  if (tree[i] or '') ~= ARGV[i + 1] then
    return 0
  end
end
if (tree[5] or '') ~= '' then
  return 0
end
local head = call('HMGET', KEYS[2], 'epoch', 'next')
if head[1] ~= ARGV[6] or tonumber(head[2] or '0') < tonumber(ARGV[7]) then
  return 0
end

local moved = tonumber(ARGV[8])
if moved > 0 then
  call('HDEL', KEYS[1], unpack(ARGV, 9, 8 + moved))
end
call('HSET', KEYS[1], unpack(ARGV, 9 + moved))
-- The tree is published by now: an announcement that fails must not look like a failure.
redis.pcall('PUBLISH', ARGV[1], ARGV[7])
return 1

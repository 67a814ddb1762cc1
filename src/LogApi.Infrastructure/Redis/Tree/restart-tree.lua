-- Puts an empty tree under another name in the place of one that nothing may be added to. Its full tiles have keys of their own
-- by now; what is new comes with one command.
--
-- KEYS[1]  tree: hash with origin, epoch, size, root and the rest of what is published
-- ARGV[1]  channel to announce it on
-- ARGV[2…5] origin, epoch, size and root of the tree that is there; '' for what is not there
-- ARGV[6]  how many fields of full tiles follow
-- ARGV[7…] these; then each field of the new tree and its value
--
-- Returns 1; or 0, with nothing written, when another tree is there.
local call = redis.call

local tree = call('HMGET', KEYS[1], 'origin', 'epoch', 'size', 'root')
for i = 1, 4 do
  if (tree[i] or '') ~= ARGV[i + 1] then
    return 0
  end
end
local moved = tonumber(ARGV[6])
if moved > 0 then
  call('HDEL', KEYS[1], unpack(ARGV, 7, 6 + moved))
end
call('HSET', KEYS[1], unpack(ARGV, 7 + moved))
redis.pcall('PUBLISH', ARGV[1], '')
return 1

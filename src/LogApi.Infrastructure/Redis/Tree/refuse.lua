-- Notes that nothing may be signed, beside the tree that was judged so; not when another one is there by now.
--
-- KEYS[1]  tree: hash with origin, epoch, size, root, refused
-- ARGV[1]  channel to announce it on
-- ARGV[2…5] origin, epoch, size and root of the tree that was judged; '' for what was not there
-- ARGV[6]  why
--
-- Returns 1 when it is noted, by whomever.
local tree = redis.call('HMGET', KEYS[1], 'origin', 'epoch', 'size', 'root', 'refused')
for i = 1, 4 do
  if (tree[i] or '') ~= ARGV[i + 1] then
    return 0
  end
end
if (tree[5] or '') == '' then
  redis.call('HSET', KEYS[1], 'refused', ARGV[6])
  redis.pcall('PUBLISH', ARGV[1], '')
end
return 1

-- The sleeping turns of a shard, with the settings under which they fell asleep.
--   ARGV 1 prefix
-- Answers { channel, target, settings seen } for each.

local found = {}
for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local channel, target = string.match(member, '^([^/]*)/(.*)$')
  local turn = redis.call('HMGET', box(target) .. ':turn', 'state', 'seen')
  if turn[1] == 'asleep' then found[#found + 1] = { channel, target, turn[2] or '' } end
end
return found

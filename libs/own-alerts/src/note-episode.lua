-- Stores an episode, unless another process changed it first. It may run in a full Redis, or the alert would be repeated.
--   KEYS 1 the episodes
--   ARGV 1 object, 2 the episode as it was read, or '', 3 the new one, or '' to remove it
-- Answers 1, or 0 if the stored episode differs from the one that was read.

if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1

-- Remembers what has become of an episode, unless another process was faster. It may in a full Redis, or what was told
-- would be told again.
--   KEYS 1 the episodes; ARGV 1 object, 2 what is known of it, or '', 3 what is to be, or ''
-- Answers 1, or 0 where something else is known by now.

if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1

-- Stores an episode, unless another process changed it first. It may run in a full Redis, or the alert would be
-- repeated. `known` is the episode as it was read, or '' for a new one; an empty `next` removes it.

if (redis.call('HGET', KEYS[1], args.object) or '') ~= args.known then return 0 end
if args.next == '' then
  redis.call('HDEL', KEYS[1], args.object)
else
  redis.call('HSET', KEYS[1], args.object, args.next)
end
return 1

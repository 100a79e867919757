-- Releases the leader lock of a duty, if this process holds it.

if redis.call('GET', KEYS[1]) == args.holder then return redis.call('DEL', KEYS[1]) end
return 0

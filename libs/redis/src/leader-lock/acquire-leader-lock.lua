-- Acquires or renews the leader lock of a duty, in a full Redis too: the duties that free memory depend on it.
-- Answers false while another process holds it.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= args.holder then return 0 end
redis.call('SET', KEYS[1], args.holder, 'PX', args.ttlMs)
return 1

-- Acquires or renews the leader lock of a duty. It may run in a full Redis: the duties that free memory depend on it.
--   KEYS 1 the lock; ARGV 1 holder, 2 time to live (ms)
-- Answers 1, or 0 while another process holds it.

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1

-- Deliveries that are still being sent keep their leases.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 lease (ms), 6… delivery ids
-- A lease that has been taken over or settled meanwhile is left alone.

local until_ = clock(ARGV[2]) + tonumber(ARGV[5])
for i = 6, #ARGV do redis.call('ZADD', box(ARGV[4]) .. ':fly', 'XX', until_, ARGV[i]) end
return 0

-- The fallback endpoint reached nobody either: the push gives its claim back, now or when the last of its targets has
-- ended without a success. Sent again it changes nothing.
--   ARGV 1 prefix, 2 time, 3 push period (ms), 4 origin: JSON of endpoint, push, key, episode, severity, suppressed

local now, period, origin = clock(ARGV[2]), tonumber(ARGV[3]), cjson.decode(ARGV[4])
local endpoint, push = origin[1], origin[2]
if redis.call('EXISTS', PREFIX .. 'push:' .. push) == 1 then
  redis.call('HSET', PREFIX .. 'push:' .. push, 'returned', 1)
  return 0
end
if redis.call('DEL', PREFIX .. 'handed:' .. push) == 0 then return 0 end
local rec = {}
rec[KEY], rec[EPISODE], rec[SEVERITY], rec[SUPPRESSED] = origin[3], origin[4], origin[5], origin[6]
give_back(endpoint, rec, push, period, now, true)
write_claims(now)
return 1

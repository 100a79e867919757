-- Counts events of a team in the current minute of the clock of Redis. Answers 0 if they are within the quota and
-- counted, else the time until the next minute (ms).

local WINDOW_MS = 60000
local events = args.events
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = math.floor(now / WINDOW_MS)
local known = redis.call('HMGET', KEYS[1], 'window', 'used')
local used = known[1] == tostring(window) and tonumber(known[2]) or 0
if used + events <= args.perMinute then
  redis.call('HSET', KEYS[1], 'window', tostring(window), 'used', used + events)
  redis.call('PEXPIRE', KEYS[1], 2 * WINDOW_MS)
  return 0
end
return (window + 1) * WINDOW_MS - now

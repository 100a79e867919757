-- Counts events of a team in the current minute of the clock of Redis.
--   KEYS 1 the team's count
--   ARGV 1 events, 2 most events in a minute, 3 the minute (ms)
-- Answers 0 if they are within the quota and counted, else the time until the next minute (ms).

local EVENTS, MOST, WINDOW = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window = math.floor(now / WINDOW)
local known = redis.call('HMGET', KEYS[1], 'window', 'used')
local used = known[1] == tostring(window) and tonumber(known[2]) or 0
if used + EVENTS <= MOST then
  redis.call('HSET', KEYS[1], 'window', tostring(window), 'used', used + EVENTS)
  redis.call('PEXPIRE', KEYS[1], 2 * WINDOW)
  return 0
end
return (window + 1) * WINDOW - now

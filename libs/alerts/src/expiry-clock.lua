-- Moves the expiry clock, which shows for how long events could be taken in.
-- Answers its reading, and its reading when it last began to move again, in ms.

-- A longer pause between two beats does not count.
local LONGEST, at = args.pauseMsMax, args.now
if not at then
  local time = redis.call('TIME')
  at = time[1] * 1000 + math.floor(time[2] / 1000)
end
local known = redis.call('HMGET', KEYS[1], 'at', 'shows', 'resumed')
local last, shows, resumed = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
if not last then
  -- Later than any reading before Redis lost the clock.
  shows, resumed = at, at
elseif math.abs(at - last) > LONGEST then
  resumed = shows
else
  shows = shows + math.max(0, at - last)
end
-- Numbers would be written as 1.7636e+12.
local shows_text, resumed_text = string.format('%.0f', shows), string.format('%.0f', resumed)
redis.call('HSET', KEYS[1], 'at', string.format('%.0f', at), 'shows', shows_text, 'resumed', resumed_text)
return answers.reading { shows = shows_text, resumed = resumed_text }

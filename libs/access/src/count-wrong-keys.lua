-- Counts wrong keys of one client in a window that begins with the first of them. Answers the count and the time until
-- the window ends (ms).

local count = redis.call('INCRBY', KEYS[1], args.wrong)
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], args.windowMs)
  left = args.windowMs
end
return answers.counted { count = count, endsInMs = left }

-- needs: round
-- Measures how far the delivery log is behind: outcomes that wait to be recorded, and when the oldest was written.

local now, waiting, oldest = clock(args.now), 0, 0
local next_run = go_round(function()
  local length = redis.call('XLEN', OUTCOMES)
  if length == 0 then return true end
  waiting = waiting + length
  local written = tonumber(string.match(redis.call('XRANGE', OUTCOMES, '-', '+', 'COUNT', 1)[1][1], '^%d+'))
  if oldest == 0 or written < oldest then oldest = written end
  return true
end)
return answers.round { found = answers.lag { now = now, waiting = waiting, oldest = oldest }, next = next_run }

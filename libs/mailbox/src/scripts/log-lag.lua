-- How far the delivery log is behind.
--   ARGV 1 to 3 as in round.lua, 4 time
-- Found are the time, how many outcomes wait to be recorded, and when the oldest was written (0 where none waits).

local now, waiting, oldest = clock(ARGV[4]), 0, 0
local next_ = go_round(function()
  local key = PREFIX .. 'outcomes'
  local length = redis.call('XLEN', key)
  if length == 0 then return true end
  waiting = waiting + length
  local written = tonumber(string.match(redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1][1], '^%d+'))
  if oldest == 0 or written < oldest then oldest = written end
  return true
end)
return { { now, waiting, oldest }, next_ }

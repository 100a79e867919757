-- How many outcomes wait to be recorded.
--   ARGV 1 to 3 as in round.lua
-- Found is a number for each shard.

local lengths = {}
local next_ = go_round(function()
  lengths[#lengths + 1] = redis.call('XLEN', PREFIX .. 'outcomes')
  return true
end)
return { lengths, next_ }

-- needs: round
-- Counts the outcomes of each shard that wait to be recorded.

local lengths = {}
local next_run = go_round(function()
  lengths[#lengths + 1] = redis.call('XLEN', OUTCOMES)
  return true
end)
return answers.round { found = lengths, next = next_run }

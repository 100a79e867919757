-- needs: round
-- Adds up the ledgers of the shards.

local totals, numbers = {}, {}
local next_run = go_round(function()
  local fields = redis.call('HGETALL', LEDGER)
  for i = 1, #fields, 2 do totals[fields[i]] = (totals[fields[i]] or 0) + tonumber(fields[i + 1]) end
  return true
end)
for name, value in pairs(totals) do numbers[#numbers + 1] = answers.number { name = name, value = value } end
return answers.round { found = numbers, next = next_run }

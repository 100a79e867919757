-- The ledgers of the shards added up.
--   ARGV 1 to 3 as in round.lua
-- Found are names and numbers in turns.

local totals, flat = {}, {}
local next_ = go_round(function()
  local fields = redis.call('HGETALL', LEDGER)
  for i = 1, #fields, 2 do totals[fields[i]] = (totals[fields[i]] or 0) + tonumber(fields[i + 1]) end
  return true
end)
for name, number in pairs(totals) do flat[#flat + 1], flat[#flat + 2] = name, number end
return { flat, next_ }

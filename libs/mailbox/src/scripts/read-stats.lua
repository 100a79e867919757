-- needs: stats
-- Reads the statistics of endpoints for the last minute, hour and day.

local WHATS = constants.statistics
enter(args.prefix)
local now = clock(args.now)

local function sum(endpoint, unit)
  local last, slots, total = math.floor(now / unit[2]), {}, {}
  for i = 1, #WHATS do total[i] = 0 end
  for slot = last - unit[3] / unit[2], last do slots[#slots + 1] = stat_key(endpoint, unit[1], slot) end
  -- Most endpoints are quiet, which one command finds out.
  if redis.call('EXISTS', unpack(slots)) == 0 then return total end
  for _, slot in ipairs(slots) do
    local numbers = redis.call('HMGET', slot, unpack(WHATS))
    for i = 1, #WHATS do total[i] = total[i] + (tonumber(numbers[i]) or 0) end
  end
  return total
end

local read = {}
for i = endpoints.first, endpoints.last do
  local endpoint = endpoints[i]
  read[#read + 1] = answers.endpoint {
    minute = sum(endpoint, STAT_UNITS[1]), hour = sum(endpoint, STAT_UNITS[2]), day = sum(endpoint, STAT_UNITS[3]),
  }
end
return read

-- What happened at endpoints of a shard lately.
--   ARGV 1 prefix, 2 time, 3… endpoint ids
-- Answers for each endpoint the minute, the hour and the day: { delivered, suppressed, retried, dead, cancelled } thrice.

local WHATS = { 'delivered', 'suppressed', 'retried', 'dead', 'cancelled' }
local now = clock(ARGV[2])

local function sum(endpoint, unit)
  local last, keys, total = math.floor(now / unit[2]), {}, { 0, 0, 0, 0, 0 }
  for slot = last - unit[3] / unit[2], last do keys[#keys + 1] = stat_key(endpoint, unit[1], slot) end
  -- Most endpoints are quiet: one look tells so.
  if redis.call('EXISTS', unpack(keys)) == 0 then return total end
  for _, key in ipairs(keys) do
    local numbers = redis.call('HMGET', key, unpack(WHATS))
    for i = 1, #WHATS do total[i] = total[i] + (tonumber(numbers[i]) or 0) end
  end
  return total
end

local answer = {}
for i = 3, #ARGV do
  local sums = {}
  for u, unit in ipairs(STAT_UNITS) do sums[u] = sum(ARGV[i], unit) end
  answer[#answer + 1] = sums
end
return answer

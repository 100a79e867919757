-- Recounts a shard's ledger from its mailboxes.
--   ARGV 1 prefix
-- Answers { admitted, delivered, dead, cancelled, pending, records found, records in exactly one place }.

local counted = redis.call('HMGET', LEDGER, 'admitted', 'delivered', 'dead', 'cancelled', 'pending')
local records, placed = 0, 0
for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local b = box(string.match(member, '^[^/]*/(.*)$'))
  records = records + redis.call('HLEN', b .. ':rec')
  placed = placed + redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':due')
    + redis.call('ZCARD', b .. ':roused') + redis.call('ZCARD', b .. ':later') + redis.call('ZCARD', b .. ':fly')
    + (tonumber(redis.call('HGET', b .. ':turn', 'chained')) or 0)
    - (tonumber(redis.call('HGET', b .. ':turn', 'stale')) or 0)
end
local numbers = {}
for i = 1, 5 do numbers[i] = tonumber(counted[i]) or 0 end
numbers[6], numbers[7] = records, placed
return numbers

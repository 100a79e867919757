-- Recounts ledgers from the mailboxes, each shard in one run.
--   ARGV 1 to 3 as in round.lua, 4 how many targets are enough for one run
-- Found is for each shard { admitted, delivered, dead, cancelled, pending, records found, records in exactly one place }.

local most, looked, shards = tonumber(ARGV[4]), 0, {}

local next_ = go_round(function()
  if looked >= most then return false end
  local counted = redis.call('HMGET', LEDGER, 'admitted', 'delivered', 'dead', 'cancelled', 'pending')
  local records, placed = 0, 0
  for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
    looked = looked + 1
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
  shards[#shards + 1] = numbers
  return true
end)
return { shards, next_ }

-- needs: round
-- Recounts ledgers from the mailboxes, each shard in one act, so that concurrent changes cannot falsify it.

-- A run ends with the shard in which it has looked at this many targets.
local TARGETS_MAX = 500
local looked, shards = 0, {}

local next_run = go_round(function()
  if looked >= TARGETS_MAX then return false end
  local counted = redis.call('HMGET', LEDGER, 'admitted', 'delivered', 'dead', 'cancelled', 'pending')
  for i = 1, 5 do counted[i] = tonumber(counted[i]) or 0 end
  local records, placed = 0, 0
  for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
    looked = looked + 1
    local _, target = parse_member(member)
    local mailbox = mailbox_of(target)
    records = records + redis.call('HLEN', mailbox .. keys.records)
    placed = placed + redis.call('LLEN', mailbox .. keys.ready) + redis.call('ZCARD', mailbox .. keys.due)
      + redis.call('ZCARD', mailbox .. keys.resumed) + redis.call('ZCARD', mailbox .. keys.later)
      + redis.call('ZCARD', mailbox .. keys.inFlight)
      + (tonumber(redis.call('HGET', mailbox .. keys.turn, 'chained')) or 0)
      - (tonumber(redis.call('HGET', mailbox .. keys.turn, 'stale')) or 0)
  end
  shards[#shards + 1] = answers.shard {
    admitted = counted[1], delivered = counted[2], dead = counted[3], cancelled = counted[4], pending = counted[5],
    records = records, placed = placed,
  }
  return true
end)
return answers.round { found = shards, next = next_run }

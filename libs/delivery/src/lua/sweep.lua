-- Finds targets of a shard whose turn is overdue.
--   ARGV 1 prefix, 2 time, 3 most to look at
-- A running turn that fell silent, flights without a turn, and leases that ran out while the turn sleeps get a new turn
-- at once. Whether the job of a queued or sleeping turn is lost only its queue knows. Answers { wakes, doubts }; a doubt
-- is { channel, target, job }.

local now = clock(ARGV[2])
local wakes, doubts = {}, {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', TURNS, '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local channel, target = string.match(member, '^([^/]*)/(.*)$')
  local b = box(target)
  local turn = redis.call('HMGET', b .. ':turn', 'state', 'job', 'until')
  local lease = redis.call('ZRANGE', b .. ':fly', 0, 0, 'WITHSCORES')[2]
  local lost = lease and tonumber(lease) <= now
  if redis.call('HLEN', b .. ':rec') == 0 then
    redis.call('DEL', b .. ':turn')
    redis.call('ZREM', TURNS, member)
  elseif turn[1] == 'queued' or (turn[1] == 'asleep' and not lost and tonumber(turn[3]) + TURN_GRACE_MS <= now) then
    redis.call('ZADD', TURNS, now + TURN_GRACE_MS, member)
    doubts[#doubts + 1] = { channel, target, tonumber(turn[2]) }
  elseif turn[1] == 'asleep' and not lost then
    -- A lease was renewed or its delivery settled; the sleep goes on.
    local worry = turn[3] + TURN_GRACE_MS
    redis.call('ZADD', TURNS, lease and math.min(worry, lease) or worry, member)
  elseif turn[1] == 'asleep' then
    wakes[#wakes + 1] = wake(channel, target, now, true)
  else
    wakes[#wakes + 1] = { channel, target, plan_turn(channel, target, 'queued', now), 0 }
  end
end
return { wakes, doubts }

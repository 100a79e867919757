-- Finds targets whose turn is overdue.
--   ARGV 1 to 3 as in round.lua, 4 time, 5 how many to look at in one run, 6… the channels to look for
-- A running turn that fell silent, flights without a turn, and leases that ran out while the turn sleeps get a new turn
-- at once. Whether the job of a queued or sleeping turn is lost only its queue knows. Found are { wakes, doubts, prefixes
-- of shards from which something is on its way to a fallback endpoint }; a doubt is { channel, target, job }.

local now, most = clock(ARGV[4]), tonumber(ARGV[5])
local served = {}
for i = 6, #ARGV do served[ARGV[i]] = true end
local looked, wakes, doubts, handovers = 0, {}, {}, {}

-- Afterwards the target is no longer overdue.
local function look_at(member, channel, target)
  local b = box(target)
  local turn = redis.call('HMGET', b .. ':turn', 'state', 'job', 'until')
  local lease = redis.call('ZRANGE', b .. ':fly', 0, 0, 'WITHSCORES')[2]
  local lost = lease and tonumber(lease) <= now
  if redis.call('HLEN', b .. ':rec') == 0 then
    leave(channel, target)
  elseif turn[1] == 'queued' or (turn[1] == 'asleep' and not lost and tonumber(turn[3]) + TURN_GRACE_MS <= now) then
    redis.call('ZADD', TURNS, now + TURN_GRACE_MS, member)
    doubts[#doubts + 1] = { channel, target, tonumber(turn[2]) }
  elseif turn[1] == 'full' and lease and not lost then
    redis.call('ZADD', TURNS, lease, member)
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

local next_ = go_round(function(cursor)
  if cursor == '0' and redis.call('XLEN', PREFIX .. 'handover') > 0 then handovers[#handovers + 1] = PREFIX end
  local others = 0
  repeat
    local room = most - looked
    if room <= 0 then return false end
    local members = redis.call('ZRANGEBYSCORE', TURNS, '-inf', now, 'LIMIT', others, room)
    for _, member in ipairs(members) do
      local channel, target = string.match(member, '^([^/]*)/(.*)$')
      if served[channel] then
        look_at(member, channel, target)
        looked = looked + 1
      else
        others = others + 1
      end
    end
  until #members < room
  return true
end)
return { { wakes, doubts, handovers }, next_ }

-- needs: round, turn
-- Finds targets whose turn is overdue. A lost turn, deliveries in flight without a turn, and in-flight leases that
-- expired while the turn sleeps get a new turn at once. Only the queue of a queued or sleeping turn can say whether
-- its job is lost, so those are answered as `maybeLost`.

-- Targets of one run: one or two milliseconds.
local TARGETS_MAX = 200
local now = clock(args.now)
local served = {}
for i = channels.first, channels.last do served[channels[i]] = true end
local looked, wakes, maybe_lost, handovers = 0, {}, {}, {}

-- Afterwards the target is no longer overdue.
local function look_at(member, channel, target)
  local mailbox = mailbox_of(target)
  local turn = redis.call('HMGET', mailbox .. keys.turn, 'state', 'job', 'until')
  local lease = redis.call('ZRANGE', mailbox .. keys.inFlight, 0, 0, 'WITHSCORES')[2]
  local lost = lease and tonumber(lease) <= now
  if redis.call('HLEN', mailbox .. keys.records) == 0 then
    leave(channel, target)
  elseif turn[1] == turnStates.queued
    or (turn[1] == turnStates.asleep and not lost and tonumber(turn[3]) + TURN_GRACE_MS <= now) then
    redis.call('ZADD', TURNS, now + TURN_GRACE_MS, member)
    maybe_lost[#maybe_lost + 1] = answers.maybeLost { channel = channel, target = target, job = tonumber(turn[2]) }
  elseif turn[1] == turnStates.full and lease and not lost then
    redis.call('ZADD', TURNS, lease, member)
  elseif turn[1] == turnStates.asleep and not lost then
    -- A lease was renewed or its delivery settled; the turn sleeps on.
    local overdue = turn[3] + TURN_GRACE_MS
    redis.call('ZADD', TURNS, lease and math.min(overdue, lease) or overdue, member)
  elseif turn[1] == turnStates.asleep then
    wakes[#wakes + 1] = wake(channel, target, now, true)
  else
    local job = plan_turn(channel, target, turnStates.queued, now)
    wakes[#wakes + 1] = answers.wake { channel = channel, target = target, job = job, replaces = 0 }
  end
end

local next_run = go_round(function(cursor)
  if cursor == '0' and redis.call('XLEN', PREFIX .. keys.handovers) > 0 then handovers[#handovers + 1] = PREFIX end
  local others = 0
  repeat
    local room = TARGETS_MAX - looked
    if room <= 0 then return false end
    local members = redis.call('ZRANGEBYSCORE', TURNS, '-inf', now, 'LIMIT', others, room)
    for _, member in ipairs(members) do
      local channel, target = parse_member(member)
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
return answers.round {
  found = answers.overdue { wakes = wakes, maybeLost = maybe_lost, handovers = handovers }, next = next_run,
}

-- needs: shard
-- Turns. The hash of a target's turn holds: state (queued, asleep, running, or full), job, until, why (it sleeps),
-- seen (the settings under which it fell asleep), chained (deliveries in chains), stale (ids on the ready list
-- without a record), token and ids (of the last call of take), about (the endpoint, for the log), lost (turns lost in
-- a row).

-- A queued or sleeping turn that is late by this time is looked for in its queue.
local TURN_GRACE_MS = 5000

-- Reasons to sleep although something is ready: only time, a success or other settings end them.
local HOLDS = {
  [waitReasons.rate] = true, [waitReasons.failing] = true, [waitReasons.misconfigured] = true,
  [waitReasons.throttled] = true, [waitReasons.unreadable] = true,
}

-- Plans a new turn for the target, to start at a time. Answers its job number.
local function plan_turn(channel, target, state, at)
  local job = redis.call('HINCRBY', LEDGER, 'turn', 1)
  redis.call('HSET', mailbox_of(target) .. keys.turn, 'state', state, 'job', job, 'until', at)
  redis.call('ZADD', TURNS, at + TURN_GRACE_MS, channel .. '/' .. target)
  return job
end

-- Calls a turn because work is ready at the target. Answers the job that the caller adds to the queue and the
-- sleeping one that it replaces (or 0); nil when a turn is queued or running (it looks again before it ends), or
-- sleeps for a reason that still holds. `reason_gone`: the reason no longer holds.
local function wake(channel, target, now, reason_gone)
  local turn = redis.call('HMGET', mailbox_of(target) .. keys.turn, 'state', 'job', 'why', 'until')
  if turn[1] == turnStates.queued or turn[1] == turnStates.running then return nil end
  if turn[1] == turnStates.full and not reason_gone then return nil end
  local asleep = turn[1] == turnStates.asleep
  if asleep and not reason_gone and HOLDS[turn[3]] and tonumber(turn[4]) > now then return nil end
  return answers.wake {
    channel = channel, target = target, job = plan_turn(channel, target, turnStates.queued, now),
    replaces = asleep and tonumber(turn[2]) or 0,
  }
end

-- Forgets the turn of an empty mailbox, unless one is queued or running: that finds out by itself.
local function leave(channel, target, state)
  if state == turnStates.running or state == turnStates.queued then return end
  redis.call('DEL', mailbox_of(target) .. keys.turn, mailbox_of(target) .. keys.ready)
  redis.call('ZREM', TURNS, channel .. '/' .. target)
end

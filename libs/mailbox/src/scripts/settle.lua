-- needs: mailbox, close, health, receipt
-- Settles attempts: outcome, ledger, the next delivery of each key, claims and the target's health, in one act.
-- Repeated it changes nothing.

enter(args.prefix)
local channel, target, random = args.channel, args.target, args.random
now, endpoint_info, endpoint = clock(args.now), endpoint_info_of(target, args.endpointInfo), endpoint_of(target)
period, fallback, shedding = args.pushPeriodMs, args.fallback, args.shedding
local mailbox = mailbox_of(target)
local health = load_health(target)
local settled, sooner, back = 0, nil, false
local replays_wait = redis.call('EXISTS', mailbox .. keys.later) == 1

-- Ends the in-flight lease; false where it expired meanwhile, and the loss of the attempt is recorded.
local function end_lease(id)
  return redis.call('ZREM', mailbox .. keys.inFlight, id) == 1
end

-- Whether an attempt has a valid in-flight lease.
local function in_flight(id)
  return tonumber(redis.call('ZSCORE', mailbox .. keys.inFlight, id) or 0) > now
end

-- Gives a delivery back that was not sent. It takes a number, so that no later call of this attempt settles the next.
local function release(id, rec, attempt)
  if not end_lease(id) then return end
  rec[R.attempts] = attempt
  save_record(target, id, rec)
  redis.call('LPUSH', mailbox .. keys.ready, id)
end

-- Updates the health of the target by the outcome of an attempt.
local function learn(outcome, duration, delay, named)
  if outcome == outcomes.throttled then
    note_throttled(health, now, delay, words, named, random)
  elseif outcome == outcomes.misconfigured or outcome == outcomes.unavailable or outcome == outcomes.unknown then
    note_failure(health, now, outcome, duration, random, delay, words)
  elseif note_answer(health, now, duration) then
    back = true
  end
end

local function retry(id, rec, attempt, failures, delay, more)
  if not end_lease(id) then return end
  settled = settled + 1
  rec[R.attempts], rec[R.failures] = attempt, failures
  local at = now + delay
  more[#more + 1], more[#more + 2] = 'next', at
  redis.call('ZADD', mailbox .. keys.due, at, id)
  if not sooner or at < sooner then sooner = at end
  tally(endpoint, 'retried', 1)
  emit(id, rec, target, statuses.retrying, endpoint_info, now, more)
  save_record(target, id, rec)
end

-- Notes the arrival of a delivery that is in its chain, since an earlier one of its key is pending: in flight again, or
-- not settled by what Redis kept of its last moments. The earlier one arrives after it, so it is sent again.
local function note_arrival(id)
  local rec = load_record(target, id)
  rec[R.maybe] = 1
  save_record(target, id, rec)
end

-- Ends a delivery. A late success counts wherever the delivery waits by now, except in its chain. While a later attempt
-- is in flight, that attempt ends the delivery: the next one of its key must not overtake it. A delivery that went out
-- behind others of a digest is at the end of the ready list, one of a lost turn at its beginning: from the other side
-- the search takes long.
local function finish(id, rec, verdict, more, dead, late)
  local head = end_lease(id) or redis.call('ZREM', mailbox .. keys.due, id) == 1
    or redis.call('ZREM', mailbox .. keys.resumed, id) == 1
    or redis.call('LREM', mailbox .. keys.ready, late and 1 or -1, id) == 1
  local chain = mailbox .. keys.chain .. rec[R.key]
  if not head and verdict == verdicts.delivered and redis.call('LPOS', chain, id) then return note_arrival(id) end
  if replays_wait then redis.call('ZREM', mailbox .. keys.later, id) end
  settled = settled + 1
  local good = verdict == verdicts.delivered or rec[R.maybe] == 1
  if head then return close(id, rec, target, verdict, more, good, dead) end
  if redis.call('LREM', chain, 1, id) == 1 then redis.call('HINCRBY', mailbox .. keys.turn, 'chained', -1) end
  if rec[R.severity] == 0 then redis.call('HDEL', mailbox .. keys.recoveries, rec[R.episode]) end
  book_out(id, rec, target, verdict, more, good, dead, false)
end

for i = items.first, items.last, items.step do
  local id, attempt, verdict, delay = items[i].id, items[i].attempt, items[i].verdict, items[i].delayMs
  local outcome, duration = items[i].outcome, items[i].durationMs
  words = items[i].words
  local rec = load_record(target, id)
  local current, some = rec and rec[R.attempts] + 1 == attempt, items[i].earlier ~= ''
  -- A delivery behind another of its key may be at the head by now, and in flight on its own.
  if current and items[i].behind and in_flight(id) then current = false end
  local tried = items[i].attemptRecord ~= ''
  local more = {}
  if tried then more[#more + 1], more[#more + 2] = 'attempt', items[i].attemptRecord end
  -- The health is learned from one delivery of a digest. A target that answered for each recipient is well.
  if tried and current and outcome ~= '' then
    learn(some and outcomes.delivered or outcome, duration, delay, items[i].delayNamed)
    count('outcome:' .. outcome, 1)
    observe('attempt', duration)
  end
  if items[i].reason ~= '' then more[#more + 1], more[#more + 2] = 'reason', items[i].reason end
  if items[i].digest ~= '' then more[#more + 1], more[#more + 2] = 'digest', items[i].digest end
  if rec and items[i].receipt ~= '' then receipts.store(target, rec, items[i].receipt) end
  if rec and items[i].maybe then rec[R.maybe] = 1 end
  if rec and items[i].together ~= '' then set_rare(rec, R.together, tonumber(items[i].together)) end
  local earlier = rec and rec[R.earlier]
  if rec and some then set_rare(rec, R.earlier, items[i].earlier) end
  local partial = items[i].partial
  if partial == '' and earlier and verdict ~= verdicts.delivered then partial = unreached(rec) end
  if partial ~= '' then more[#more + 1], more[#more + 2] = 'partial', partial end
  -- The last recipients get one more attempt, and block the chain behind them no longer.
  if current and verdict == verdicts.again and earlier
    and redis.call('EXISTS', mailbox .. keys.chain .. rec[R.key]) == 1 then
    verdict = verdicts.delivered
  end
  if verdict == verdicts.released then count('leaseExpired', 1) end
  if current and rec[R.confirmed] == 1 and verdict ~= verdicts.delivered then verdict = verdicts.delivered end
  if current and verdict == verdicts.released then
    release(id, rec, attempt)
  elseif rec and not current and verdict == verdicts.delivered and in_flight(id) then
    set_rare(rec, R.confirmed, 1)
    save_record(target, id, rec)
  elseif current and verdict == verdicts.again then
    retry(id, rec, attempt, items[i].failures, delay, more)
  elseif rec and (current or verdict == verdicts.delivered) then
    if tried and current then rec[R.attempts] = attempt end
    finish(id, rec, verdict, more, verdict == verdicts.dead or items[i].reason == cancelReasons.expired, not current)
  end
end

if settled > 0 then
  redis.call('HDEL', mailbox .. keys.turn, 'lost')
  health.lost = 0
end
if back then resume_due(target) end
save_health(target, health)
write_claims(now)
write_tallies(now)
write_ledger()

-- A running turn sees all this by itself; otherwise a turn is called.
local wakes = {}
local turn = redis.call('HMGET', mailbox .. keys.turn, 'state', 'until')
local ready = redis.call('LLEN', mailbox .. keys.ready) + redis.call('ZCARD', mailbox .. keys.resumed)
local left = redis.call('HLEN', mailbox .. keys.records)
if left == 0 then
  leave(channel, target, turn[1])
else
  local in_flight = redis.call('ZCARD', mailbox .. keys.inFlight)
  local sendable = ready > 0 and in_flight < in_flight_max(health) and health.hold <= now
  local no_turn = not turn[1] or turn[1] == turnStates.full
  local early = sooner and (no_turn
    or (turn[1] == turnStates.asleep and math.max(sooner, health.hold) < tonumber(turn[2])))
  local abandoned = no_turn and in_flight == 0
  if sendable or early or abandoned then wakes[1] = wake(channel, target, now, back or no_turn) end
end
return answers.settled {
  wakes = wakes, settled = settled, cancelled = cancelled, left = left, ready = ready, health = health_of(health),
  inFlightMax = in_flight_max(health), handedOver = redis.call('XLEN', PREFIX .. keys.handovers) > 0,
}

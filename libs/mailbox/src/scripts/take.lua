-- needs: mailbox, close, health, receipt, digest
-- Takes deliveries out of a mailbox for a turn, and ends those that are not to be sent any more. A call that is
-- repeated with the same id, because its answer was lost, gets the same answer. Answers false when the turn is not
-- this job's.

enter(args.prefix)
local channel, target = args.channel, args.target
now, endpoint_info, endpoint = clock(args.now), endpoint_info_of(target, args.endpointInfo), endpoint_of(target)
period, fallback = args.pushPeriodMs, args.fallback
local expire_after = args.expireAfterMs
-- The endpoint is closed: everything is taken, to be cancelled.
local closed = not args.open
-- A turn that has not called for this time counts as lost, and the next one is called.
local TURN_SILENCE_MS = 5000
-- A delivery that has waited this long for its target counts as failed, though it was never tried.
local SUPERSEDED_AFTER_MS = 10000
-- Deliveries that one call moves or ends; the next call does the rest, so that none takes long.
local MOVE_MAX, END_MAX = 200, 200
local mailbox = mailbox_of(target)

local turn = redis.call('HMGET', mailbox .. keys.turn, 'job', 'token', 'ids')
if turn[1] ~= args.job then return false end
redis.call('ZADD', TURNS, now + TURN_SILENCE_MS, channel .. '/' .. target)
redis.call('HSET', mailbox .. keys.turn, 'state', turnStates.running)
local health = load_health(target)
local room, more = 0, false

-- `suspect`: the delivery that may have ended its workers. `behind`: it stays behind another of its key, has no
-- in-flight lease, and is settled only if its digest is delivered.
local function shown(id, rec, suspect, behind)
  return answers.delivery {
    id = id, event = rec[R.event], ageMs = now - rec[R.created], delayedByMs = now - born(rec),
    suppressedCount = rec[R.suppressed], attempt = rec[R.attempts] + 1, failures = rec[R.failures],
    endsWorker = id == suspect, episode = rec[R.episode], follows = rec[R.follows] or '',
    earlier = rec[R.earlier] or '', receipt = receipts.of(target, rec), behind = behind or false,
  }
end

local function answer(taken)
  return answers.taken {
    deliveries = taken, more = more, health = health_of(health), inFlightMax = in_flight_max(health),
    digest = digest.on,
  }
end

if turn[2] == args.callId then
  local taken = {}
  digest.on = string.sub(turn[3], 1, 7) == 'digest '
  for id in string.gmatch(turn[3], '%S+') do
    local rec = redis.call('ZSCORE', mailbox .. keys.inFlight, id) and load_record(target, id)
    if rec then taken[#taken + 1] = shown(id, rec) end
  end
  return answer(taken)
end

-- An expired in-flight lease: its worker is gone, and the message may or may not have arrived.
local lost = redis.call('ZRANGEBYSCORE', mailbox .. keys.inFlight, '-inf', now, 'LIMIT', 0, MOVE_MAX)
for i = #lost, 1, -1 do
  local id = lost[i]
  local lease_end = tonumber(redis.call('ZSCORE', mailbox .. keys.inFlight, id))
  redis.call('ZREM', mailbox .. keys.inFlight, id)
  local rec = load_record(target, id)
  if rec then
    rec[R.attempts], rec[R.failures], rec[R.maybe] = rec[R.attempts] + 1, rec[R.failures] + 1, 1
    local attempt = cjson.encode({
      n = rec[R.attempts], startedAt = lease_end - constants.inFlightLeaseMs, durationMs = constants.inFlightLeaseMs,
      outcome = outcomes.unknown, code = 'LOST', message = 'the worker ended before it could report what happened',
    })
    tally(endpoint, 'retried', 1)
    emit(id, rec, target, statuses.retrying, endpoint_info, now, { 'attempt', attempt, 'next', now })
    save_record(target, id, rec)
    redis.call('LPUSH', mailbox .. keys.ready, id)
  end
end

local function make_ready(from, ids)
  for i = #ids, 1, -1 do
    redis.call('ZREM', mailbox .. from, ids[i])
    redis.call('LPUSH', mailbox .. keys.ready, ids[i])
  end
end
local due_until = closed and '+inf' or now
make_ready(keys.due, redis.call('ZRANGEBYSCORE', mailbox .. keys.due, '-inf', due_until, 'LIMIT', 0, MOVE_MAX))
make_ready(keys.resumed, redis.call('ZRANGE', mailbox .. keys.resumed, 0, MOVE_MAX - 1))
for _, id in ipairs(redis.call('ZRANGEBYSCORE', mailbox .. keys.later, '-inf', due_until, 'LIMIT', 0, MOVE_MAX)) do
  redis.call('ZREM', mailbox .. keys.later, id)
  local rec = load_record(target, id)
  if rec then
    redis.call('LREM', mailbox .. keys.laterOfKey .. rec[R.key], 1, id)
    line_up(target, id, rec)
  end
end
write_arrivals()

if #lost > 0 then health.lost = redis.call('HINCRBY', mailbox .. keys.turn, 'lost', 1) end
local lost_turns, most = health.lost, closed and MOVE_MAX or in_flight_max(health)
local suspect = #lost == 1 and lost_turns > LOST_TURNS_ALONE and lost[1]
local held, open = health.hold > now and not closed, health.trips > 0 and not closed
room = held and 0 or math.min(args.max, most - redis.call('ZCARD', mailbox .. keys.inFlight))

-- The newest firing of the key that supersedes a delivery.
local function newer_firing(rec)
  if period == 0 or rec[R.severity] == 0 then return nil end
  if rec[R.attempts] == 0 and now - rec[R.created] < SUPERSEDED_AFTER_MS then return nil end
  local behind = redis.call('LRANGE', mailbox .. keys.chain .. rec[R.key], -2, -1)
  for i = #behind, 1, -1 do
    local newer = load_record(target, behind[i])
    if newer[R.severity] > 0 and born(newer) >= born(rec) then return behind[i], newer end
  end
end

-- While the target refuses the credential or the address, deliveries go to the fallback endpoint at once.
local to_fallback = held and fallback ~= '' and health.why == waitReasons.misconfigured

-- Ends a delivery that is not to be sent any more; false where it is.
local function ended(id, rec)
  if closed then return false end
  if to_fallback then
    words = redis.call('HGET', health_key(target), 'error') or ''
    close(id, rec, target, statuses.dead, {}, rec[R.maybe] == 1, true)
    return true
  end
  if now - rec[R.created] > expire_after then
    close(id, rec, target, statuses.cancelled, { 'reason', cancelReasons.expired }, rec[R.maybe] == 1, true)
    return true
  end
  local newer_id, newer = newer_firing(rec)
  if not newer_id then return false end
  -- Recipients that took it have seen its count of suppressed events.
  if not rec[R.earlier] then
    newer[R.suppressed], rec[R.suppressed] = newer[R.suppressed] + rec[R.suppressed], 0
    save_record(target, newer_id, newer)
  end
  close(id, rec, target, statuses.cancelled, { 'reason', cancelReasons.superseded }, rec[R.maybe] == 1, false)
  return true
end

-- No digest while the target is being probed, nor of deliveries that may have ended a worker.
if not closed and not open and lost_turns == 0 then
  room = digest.start(mailbox, args.digestOver, room)
end

local taken, ids, taken_keys, looked = {}, {}, {}, 0
local function show(id, rec, behind)
  taken[#taken + 1] = shown(id, rec, suspect, behind)
  digest.bytes = digest.bytes + #rec[R.event]
end
local function send(id, rec)
  ids[#ids + 1], taken_keys[#taken_keys + 1] = id, rec[R.key]
  show(id, rec)
end

-- Takes deliveries from one end of the ready list, as many as there is room for.
local function take_ready(pop, push_back, most)
  while looked < END_MAX do
    -- Those behind them are looked at one by one, since they may have to end as well.
    local some = redis.call(pop, mailbox .. keys.ready, math.max(1, math.min(most - #ids, END_MAX - looked)))
    if not some then return end
    local records = redis.call('HMGET', mailbox .. keys.records, unpack(some))
    for i, id in ipairs(some) do
      local rec = records[i] and cmsgpack.unpack(records[i])
      if not rec then
        redis.call('HINCRBY', mailbox .. keys.turn, 'stale', -1)
        looked = looked + 1
      elseif ended(id, rec) then
        looked = looked + 1
      elseif #ids < most and digest.joins(rec, #ids) then
        send(id, rec)
      else
        for back = #some, i, -1 do redis.call(push_back, mailbox .. keys.ready, some[back]) end
        return
      end
    end
  end
  more = true
end

-- Takes one delivery as the probe of an open breaker: the newest, since the target may refuse just those that were
-- tried before, or else the next that waits for a retry.
local function take_probe()
  take_ready('RPOP', 'RPUSH', math.min(room, 1))
  if #ids > 0 then return end
  while #ids == 0 and not more do
    local next_try = redis.call('ZRANGE', mailbox .. keys.due, 0, 0)[1]
    if not next_try then return end
    redis.call('ZREM', mailbox .. keys.due, next_try)
    local rec = load_record(target, next_try)
    if not ended(next_try, rec) then send(next_try, rec) end
    looked = looked + 1
    if looked >= END_MAX then more = true end
  end
end

take_ready('LPOP', 'LPUSH', open and 0 or room)
if open and room > 0 then take_probe() end

digest.take_chains(target, taken_keys, function(id, rec) show(id, rec, true) end)

if #ids > 0 then
  local leases = {}
  for i, id in ipairs(ids) do leases[2 * i - 1], leases[2 * i] = now + constants.inFlightLeaseMs, id end
  redis.call('ZADD', mailbox .. keys.inFlight, unpack(leases))
end
local answered = (digest.on and 'digest ' or '') .. table.concat(ids, ' ')
redis.call('HSET', mailbox .. keys.turn, 'token', args.callId, 'ids', answered)
write_claims(now)
write_tallies(now)
write_ledger()
return answer(taken)

-- Settles what was taken: the outcome, the ledger, the next of its key, the claim and the target's health, in one act.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 endpoint, 6 push period (ms), 7 about (JSON, or empty where the
--        endpoint is gone), 8 fallback endpoint (or empty), 9 random from 0 to 1, 10 whether details of what was delivered
--        are shed (1), then for each: id, attempt, verdict, when (ms from now, for `again`), failures,
--        maybe (1: it may have arrived), attempt (JSON or ""), reason, partial (JSON or ""), outcome, duration (ms),
--        words (of a failure, for people), whether the provider named the time (1), recipients for whom it is tried again
--        and refused ones, where others took it and these were answered for (JSON or ""), what the provider knows the
--        message by (or ""), the digest that it was told in (or ""), how many may be told together the next time (or "")
--   verdict  delivered | again | dead | cancelled
-- Sent again it changes nothing. Answers { wakes, settled, cancelled in chains, deliveries left in the mailbox,
-- of them ready, state of the target, most in flight there, whether a fallback endpoint is called in }.

local channel, target, random = ARGV[3], ARGV[4], tonumber(ARGV[9])
now, about, endpoint = clock(ARGV[2]), about_of(target, ARGV[7]), ARGV[5]
period, fallback, shedding = tonumber(ARGV[6]), ARGV[8], ARGV[10] == '1'
local b = box(target)
local health = load_health(target)
local settled, sooner, back = 0, nil, false
local replays_wait = redis.call('EXISTS', b .. ':later') == 1

local function land(id)
  -- 0: the lease ran out meanwhile, and the loss of this attempt is recorded.
  return redis.call('ZREM', b .. ':fly', id) == 1
end

local function learn(outcome, duration, delay, named)
  if outcome == 'throttled' then
    note_throttled(health, now, delay, words, named, random)
  elseif outcome == 'misconfigured' or outcome == 'unavailable' or outcome == 'unknown' then
    note_failure(health, now, outcome, duration, random, delay, words)
  elseif note_answer(health, now, duration) then
    back = true
  end
end

local function again(id, rec, attempt, failures, delay, more)
  if not land(id) then return end
  settled = settled + 1
  rec[ATTEMPTS], rec[FAILURES] = attempt, failures
  local at = now + delay
  more[#more + 1], more[#more + 2] = 'next', at
  redis.call('ZADD', b .. ':due', at, id)
  if not sooner or at < sooner then sooner = at end
  tally(endpoint, 'retried', 1)
  emit(id, rec, target, 'retrying', about, now, more)
  save_record(target, id, rec)
end

-- A late word of success counts, wherever the delivery waits by now. What was told behind others has just come to the end
-- of the ready list, what a lost turn gave back stands at its beginning: from the other side, looking for it takes long.
local function finish(id, rec, verdict, more, dead, late)
  local head = land(id) or redis.call('ZREM', b .. ':due', id) == 1 or redis.call('ZREM', b .. ':roused', id) == 1
    or redis.call('LREM', b .. ':ready', late and 1 or -1, id) == 1
  if replays_wait then redis.call('ZREM', b .. ':later', id) end
  settled = settled + 1
  local good = verdict == 'delivered' or rec[MAYBE] == 1
  if head then return close(id, rec, target, verdict, more, good, dead) end
  -- Redis may have lost its last moments, in which the one before it was settled: then it stands in its chain again.
  if redis.call('LREM', b .. ':chain:' .. rec[KEY], 1, id) == 1 then redis.call('HINCRBY', b .. ':turn', 'chained', -1) end
  if rec[SEVERITY] == 0 then redis.call('HDEL', b .. ':ends', rec[EPISODE]) end
  book_out(id, rec, target, verdict, more, good, dead, false)
end

for i = 11, #ARGV, 17 do
  local id, attempt, verdict, delay = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], tonumber(ARGV[i + 3])
  local outcome, duration = ARGV[i + 9], tonumber(ARGV[i + 10])
  words = ARGV[i + 11]
  local rec = load_record(target, id)
  local current, some = rec and rec[ATTEMPTS] + 1 == attempt, ARGV[i + 13] ~= ''
  local tried = ARGV[i + 6] ~= ''
  local more = {}
  if tried then
    more[#more + 1], more[#more + 2] = 'attempt', ARGV[i + 6]
    -- What a digest came to is learned from one of it.
    if current and outcome ~= '' then
      -- Where it answered for each recipient, the target is well.
      learn(some and 'delivered' or outcome, duration, delay, ARGV[i + 12] == '1')
      count('outcome:' .. outcome, 1)
      observe('attempt', duration)
    end
  end
  if ARGV[i + 7] ~= '' then more[#more + 1], more[#more + 2] = 'reason', ARGV[i + 7] end
  if ARGV[i + 15] ~= '' then more[#more + 1], more[#more + 2] = 'digest', ARGV[i + 15] end
  if rec and ARGV[i + 14] ~= '' then receipts.keep(target, rec, ARGV[i + 14]) end
  if rec and ARGV[i + 5] == '1' then rec[MAYBE] = 1 end
  if rec and ARGV[i + 16] ~= '' then set_rare(rec, TOGETHER, tonumber(ARGV[i + 16])) end
  local earlier = rec and rec[EARLIER]
  if rec and some then set_rare(rec, EARLIER, ARGV[i + 13]) end
  local partial = ARGV[i + 8]
  if partial == '' and earlier and verdict ~= 'delivered' then partial = unreached(rec) end
  if partial ~= '' then more[#more + 1], more[#more + 2] = 'partial', partial end
  -- The last recipients get one more try, and hold up what comes after it no longer.
  if current and verdict == 'again' and earlier and redis.call('EXISTS', b .. ':chain:' .. rec[KEY]) == 1 then
    verdict = 'delivered'
  end
  if current and verdict == 'again' then
    again(id, rec, attempt, tonumber(ARGV[i + 4]), delay, more)
  elseif rec and (current or verdict == 'delivered') then
    if tried and current then rec[ATTEMPTS] = attempt end
    finish(id, rec, verdict, more, verdict == 'dead' or ARGV[i + 7] == 'expired', not current)
  end
end

if settled > 0 then
  redis.call('HDEL', b .. ':turn', 'lost')
  health.lost = 0
end
if back then rouse_due(target) end
save_health(target, health)
write_claims(now)
write_tallies(now)
write_ledger()

-- A running turn sees all this by itself; otherwise somebody has to come.
local wakes = {}
local turn = redis.call('HMGET', b .. ':turn', 'state', 'until')
local waiting = redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':roused')
local left = redis.call('HLEN', b .. ':rec')
if left == 0 then
  leave(channel, target, turn[1])
else
  local flying = redis.call('ZCARD', b .. ':fly')
  local sendable = waiting > 0 and flying < flights_max(health) and health.hold <= now
  local early = sooner and (not turn[1] or turn[1] == 'full' or (turn[1] == 'asleep' and math.max(sooner, health.hold) < tonumber(turn[2])))
  local nobody = not turn[1] or turn[1] == 'full'
  local abandoned = nobody and flying == 0
  if sendable or early or abandoned then wakes[1] = wake(channel, target, now, back or nobody) end
end
return {
  wakes, settled, cancelled, left, waiting, standing_of(health), flights_max(health),
  redis.call('XLEN', PREFIX .. 'handover') > 0 and 1 or 0,
}

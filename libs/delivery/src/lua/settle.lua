-- Settles what was taken: the outcome, the ledger, the next of its key and the claim, in one act.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 endpoint, 6 push period (ms), 7 most in flight at the target,
--        8 about (JSON, or empty where the endpoint is gone), then for each: id, attempt, verdict, when (ms from now, for `again`), failures,
--        maybe (1: it may have arrived), attempt (JSON or ""), reason, partial (JSON or ""), outcome, duration (ms)
--   verdict  delivered | again | dead | cancelled
-- Sent again it changes nothing. Answers { wakes, settled, cancelled in chains, deliveries left in the mailbox,
-- of them ready }.

local now = clock(ARGV[2])
local channel, target, endpoint = ARGV[3], ARGV[4], ARGV[5]
local about = about_of(target, ARGV[8])
local period, cap = tonumber(ARGV[6]), tonumber(ARGV[7])
local b = box(target)
local settled, cancelled, sooner = 0, 0, nil

local advance

-- Ends a delivery for good. A push that reached nobody gives back its claim, for longer when it is dead; one that had
-- nothing to tell (`unfounded`) has nothing to give back.
local function close(id, rec, status, more, good, dead, unfounded, chained)
  redis.call('HDEL', b .. ':rec', id)
  count(status, 1)
  count('pending', -1)
  if status == 'delivered' then observe('latency', math.max(0, now - rec[CREATED])) end
  emit(id, rec, status, about, now, more)

  local firing = rec[SEVERITY] > 0
  local over, any, push, others, died = count_off(id, rec, target, good, unfounded)
  if status == 'delivered' then
    keep(endpoint, rec, period, now)
  elseif over and not any and died then
    if firing then
      for _, other in ipairs(others) do note_missed(endpoint, rec, other, -1, period, now) end
    end
    give_back(endpoint, rec, push, period, now, dead)
  end
  if firing and not good then
    if any or not over then note_missed(endpoint, rec, target, 1, period, now) end
    local recovery = redis.call('HGET', b .. ':ends', rec[EPISODE])
    if recovery then
      local r = load_record(target, recovery)
      r[LIVE] = r[LIVE] - 1
      save_record(target, recovery, r)
    end
  end
  if not chained then advance(rec[KEY]) end
end

-- The key's next delivery may go; a recovery whose firings all died here has nothing to tell.
advance = function(key)
  local id = redis.call('LPOP', b .. ':chain:' .. key)
  if not id then
    redis.call('SREM', b .. ':busy', key)
    return
  end
  redis.call('HINCRBY', b .. ':turn', 'chained', -1)
  local rec = load_record(target, id)
  if rec[SEVERITY] == 0 then
    redis.call('HDEL', b .. ':ends', rec[EPISODE])
    if rec[LIVE] <= 0 then
      cancelled = cancelled + 1
      return close(id, rec, 'cancelled', { 'reason', 'its firing died' }, false, false, true)
    end
  end
  redis.call('RPUSH', b .. ':ready', id)
end

local function land(id)
  if redis.call('ZREM', b .. ':fly', id) == 1 then return true end
  -- The lease ran out meanwhile, and the loss of this attempt is recorded.
  return false
end

for i = 9, #ARGV, 11 do
  local id, attempt, verdict, delay = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], tonumber(ARGV[i + 3])
  local rec = load_record(target, id)
  local current = rec and rec[ATTEMPTS] + 1 == attempt
  local tried = ARGV[i + 6] ~= ''
  if tried and current then
    count('outcome:' .. ARGV[i + 9], 1)
    observe('attempt', tonumber(ARGV[i + 10]))
  end
  local more = {}
  if tried then more[#more + 1], more[#more + 2] = 'attempt', ARGV[i + 6] end
  if ARGV[i + 7] ~= '' then more[#more + 1], more[#more + 2] = 'reason', ARGV[i + 7] end
  if ARGV[i + 8] ~= '' then more[#more + 1], more[#more + 2] = 'partial', ARGV[i + 8] end
  if current and verdict == 'again' then
    if land(id) then
      settled = settled + 1
      rec[ATTEMPTS], rec[FAILURES] = attempt, tonumber(ARGV[i + 4])
      if ARGV[i + 5] == '1' then rec[MAYBE] = 1 end
      local at = now + delay
      more[#more + 1], more[#more + 2] = 'next', at
      redis.call('ZADD', b .. ':due', at, id)
      if not sooner or at < sooner then sooner = at end
      emit(id, rec, 'retrying', about, now, more)
      save_record(target, id, rec)
    end
  elseif rec and (current or verdict == 'delivered') then
    -- A late word of success counts, wherever the delivery waits by now.
    local head = land(id) or redis.call('ZREM', b .. ':due', id) == 1 or redis.call('ZREM', b .. ':roused', id) == 1
      or redis.call('LREM', b .. ':ready', 1, id) == 1
    -- Redis may have lost its last moments, in which the one before it was settled: then it stands in its chain again.
    if not head then
      redis.call('LREM', b .. ':chain:' .. rec[KEY], 1, id)
      redis.call('HINCRBY', b .. ':turn', 'chained', -1)
      if rec[SEVERITY] == 0 then redis.call('HDEL', b .. ':ends', rec[EPISODE]) end
    end
    settled = settled + 1
    if tried and current then rec[ATTEMPTS] = attempt end
    if ARGV[i + 5] == '1' then rec[MAYBE] = 1 end
    local good = verdict == 'delivered' or rec[MAYBE] == 1
    close(id, rec, verdict, more, good, verdict == 'dead' or ARGV[i + 7] == 'expired', false, not head)
  end
end

if settled > 0 then redis.call('HDEL', b .. ':turn', 'lost') end
write_claims(now)
write_ledger()

-- A running turn sees all this by itself; otherwise somebody has to come.
local wakes = {}
local turn = redis.call('HMGET', b .. ':turn', 'state', 'until')
local waiting = redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':roused')
local ready = waiting > 0 and redis.call('ZCARD', b .. ':fly') < cap
local early = sooner and (turn[1] ~= 'asleep' or sooner < tonumber(turn[2]))
local left = redis.call('HLEN', b .. ':rec')
if left == 0 then
  if turn[1] ~= 'running' and turn[1] ~= 'queued' then
    redis.call('DEL', b .. ':turn')
    redis.call('ZREM', TURNS, channel .. '/' .. target)
  end
elseif ready or early then
  wakes[1] = wake(channel, target, now)
end
return { wakes, settled, cancelled, left, waiting }

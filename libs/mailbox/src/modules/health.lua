-- needs: shard
-- Health: how the last sends to a target went, and how many it may have in flight. It outlives the mailbox, so that
-- an endpoint with wrong credentials is not tried again with every event. Its hash holds:
--   fails        consecutive failures
--   since, last  times of the first and the last of them
--   error        words of the last
--   trips        how often in a row sending stopped; above 0 the breaker is open: one send at a time, as a probe
--   hold, why    until when nothing is sent, and the reason: failing, misconfigured or throttled
--   good         1 after a quick answer, 0 after a slow one

local BREAK_AFTER = 5
local HOLD_FIRST_MS, HOLD_MAX_MS = 1000, 60000
local HEALTH_MS = 24 * 3600 * 1000
local SLOW_MS = 2000
-- From this many lost turns in a row, fewer deliveries are in flight; above the second number, one.
local LOST_TURNS, LOST_TURNS_ALONE = 3, 9

-- Deliveries in flight at once at a target. One that has not answered yet may hang.
local IN_FLIGHT_MAX = { [healths.good] = 100, [healths.slow] = 10, [healths.new] = 1, [healths.failing] = 1 }

local function health_key(target) return mailbox_of(target) .. keys.health end

local function load_health(target)
  local found = redis.call('HMGET', health_key(target), 'fails', 'trips', 'hold', 'why', 'good')
  return {
    fails = tonumber(found[1] or 0), trips = tonumber(found[2] or 0), hold = tonumber(found[3] or 0),
    why = found[4] or '',
    good = found[5], lost = tonumber(redis.call('HGET', mailbox_of(target) .. keys.turn, 'lost') or 0),
  }
end

local function health_of(health)
  if health.trips > 0 then return healths.failing end
  if not health.good then return healths.new end
  return health.good == '1' and healths.good or healths.slow
end

-- The most deliveries in flight at a target. Turns that are lost in a row, with nothing settled between, take fewer
-- and fewer, until the delivery that ends its workers is alone.
local function in_flight_max(health)
  local most = IN_FLIGHT_MAX[health_of(health)]
  if health.lost < LOST_TURNS then return most end
  return math.max(1, math.floor(most / 2 ^ (health.lost - LOST_TURNS + 1)))
end

-- Stops sending: from a second, doubling up to a minute, the upper half at random. `own` is the backoff of the
-- delivery itself: where it is the only one, its distances go on growing.
local function stop_sending(health, now, why, random, own)
  local ms = math.min(HOLD_MAX_MS, HOLD_FIRST_MS * 2 ^ math.min(health.trips, 10))
  health.trips = health.trips + 1
  ms = math.max(ms * (0.5 + random / 2), math.min(own, HOLD_MAX_MS))
  health.hold, health.why, health.dirty = now + math.floor(ms), why, true
end

-- Whether a send began after sending was stopped; an earlier one says nothing new about the target.
local function began_after(health, now, duration) return now - duration >= health.hold end

local function note_failure(health, now, kind, duration, random, own, words)
  if health.fails == 0 then health.since = now end
  health.fails, health.error, health.last, health.dirty = health.fails + 1, words, now, true
  local stop = health.trips > 0 or kind == outcomes.misconfigured or health.fails >= BREAK_AFTER
  if stop and (health.trips == 0 or began_after(health, now, duration)) then
    local why = kind == outcomes.misconfigured and waitReasons.misconfigured or waitReasons.failing
    stop_sending(health, now, why, random, own)
  end
end

-- Notes a request to wait: no failure, but nothing is sent until then, and then a probe. Where the provider names no
-- time, the pause grows each time.
local function note_throttled(health, now, wait, words, named, random)
  health.error, health.dirty = words, true
  if not named and now >= health.hold then return stop_sending(health, now, waitReasons.throttled, random, wait) end
  health.trips = math.max(health.trips, 1)
  if now + wait > health.hold then health.hold, health.why = now + wait, waitReasons.throttled end
end

-- Notes an answer of the target. True when that ends a time in which sending was stopped.
local function note_answer(health, now, duration)
  if health.why == waitReasons.throttled and health.hold > now then return false end
  local held = health.trips > 0
  local good = duration < SLOW_MS and '1' or '0'
  if not held and health.fails == 0 and good == health.good then return false end
  health.fails, health.trips, health.hold, health.why, health.good = 0, 0, 0, '', good
  health.dirty = true
  return held
end

local function save_health(target, health)
  if not health.dirty then return end
  local key = health_key(target)
  if health.fails == 0 and health.trips == 0 then redis.call('HDEL', key, 'since', 'last', 'error') end
  local fields = { 'fails', health.fails, 'trips', health.trips, 'hold', health.hold, 'why', health.why }
  for _, name in ipairs({ 'good', 'since', 'last', 'error' }) do
    if health[name] then fields[#fields + 1], fields[#fields + 2] = name, health[name] end
  end
  redis.call('HSET', key, unpack(fields))
  redis.call('PEXPIRE', key, HEALTH_MS)
end

-- Forgets the failures, since under other settings the target may be another.
local function forget_failures(target)
  local key = health_key(target)
  if redis.call('HEXISTS', key, 'trips') == 0 then return end
  redis.call('HDEL', key, 'fails', 'trips', 'hold', 'why', 'since', 'last', 'error', 'good')
end

-- needs: mailbox, health
-- Ends a turn, and plans the next one at the target. Changed settings call for another turn at once, in which nothing
-- waits for a retry; with unknown settings the target is put off. Answers nothing where no turn follows: the mailbox
-- is empty, or the rest is in flight and its settling calls for a turn.

-- Pause of a target whose settings cannot be read.
local PUT_OFF_MS = 2000
-- Retries that fall due closely together share a turn.
local SLEEP_MS_MIN = 50

enter(args.prefix)
local now = clock(args.now)
local channel, target, settings = args.channel, args.target, args.settings
-- The endpoint is closed: its deliveries are cancelled, so nothing holds them back.
local wait, closed = args.waitMs, not args.open
local mailbox = mailbox_of(target)

local turn = redis.call('HMGET', mailbox .. keys.turn, 'job', 'state')
if turn[1] ~= args.job or (turn[2] ~= turnStates.running and settings ~= settingsStates.unknown) then return {} end
redis.call('HDEL', mailbox .. keys.turn, 'token', 'ids', 'state', 'why')
if redis.call('HLEN', mailbox .. keys.records) == 0 then
  leave(channel, target)
  return {}
end

local lease = redis.call('ZRANGE', mailbox .. keys.inFlight, 0, 0, 'WITHSCORES')[2]

local function sleep_for(ms, why)
  local job = plan_turn(channel, target, turnStates.asleep, now + ms)
  redis.call('HSET', mailbox .. keys.turn, 'seen', args.seen, 'why', why)
  if lease and tonumber(lease) < now + ms then redis.call('ZADD', TURNS, lease, channel .. '/' .. target) end
  return answers.next { job = job, delayMs = ms }
end
local function turn_now()
  return answers.next { job = plan_turn(channel, target, turnStates.queued, now), delayMs = 0 }
end
-- When the oldest ready delivery expires: the turn wakes to end it in time.
local function expires()
  local id = redis.call('LINDEX', mailbox .. keys.ready, 0)
  local rec = id and load_record(target, id)
  return rec and rec[R.created] + args.expireAfterMs + 1 or math.huge
end
local function sleep_until(at, why)
  at = math.min(at, expires())
  return sleep_for(math.max(SLEEP_MS_MIN, math.ceil(at - now)), why)
end
local function first(set) return tonumber(redis.call('ZRANGE', mailbox .. set, 0, 0, 'WITHSCORES')[2]) end

if settings == settingsStates.unknown then return sleep_for(PUT_OFF_MS, waitReasons.unreadable) end
if settings == settingsStates.changed then
  resume_due(target)
  forget_failures(target)
end
local health = load_health(target)
local in_flight = redis.call('ZCARD', mailbox .. keys.inFlight)
local full = not closed and in_flight >= in_flight_max(health)
local ready = redis.call('LLEN', mailbox .. keys.ready) + redis.call('ZCARD', mailbox .. keys.resumed) > 0
local due, later = first(keys.due), first(keys.later)
if closed and (due or later) then ready = true end

if full and in_flight > 0 then
  redis.call('HSET', mailbox .. keys.turn, 'state', turnStates.full)
  redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
  return {}
end
if health.hold > now and not closed then
  -- New deliveries go to the fallback endpoint, so they may call a turn.
  local to_fallback = health.why == waitReasons.misconfigured and args.fallback ~= ''
  if to_fallback and ready then return turn_now() end
  return sleep_until(health.hold, to_fallback and waitReasons.retry or health.why)
end
-- An open breaker probes with the next retry as soon as it may.
if ready or (due and health.trips > 0) then
  if wait > 0 and not closed then return sleep_until(now + wait, args.why) end
  return turn_now()
end
if due and (not later or due <= later) then return sleep_until(due, waitReasons.retry) end
if later then return sleep_until(later, waitReasons.replay) end
redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
return {}

-- A turn ends: what comes next at the target.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 job, 6 shortest sleep (ms), 7 settings that the turn has seen,
--        8 what became of them: "" | "changed" | "unknown", 9 put off by (ms), 10 how long it has to wait although
--        something is ready (ms), 11 why: rate | slots, 12 expire after (ms), 13 fallback endpoint (or empty), 14 whether the endpoint is closed (1: what waits is to be cancelled, whatever holds it)
-- Changed settings call for another turn at once, in which what waits need not wait any more; with unknown ones nothing
-- can be done for a while, whatever is ready. Answers { job, delay in ms } of the next turn, or nothing: the mailbox is
-- empty, or all that is left is in flight and its settling will call for a turn.

local now = clock(ARGV[2])
local channel, target, seen, fate = ARGV[3], ARGV[4], ARGV[7], ARGV[8]
local wait, closed = tonumber(ARGV[10]), ARGV[14] == '1'
local b = box(target)

local turn = redis.call('HMGET', b .. ':turn', 'job', 'state')
if turn[1] ~= ARGV[5] or (turn[2] ~= 'running' and fate ~= 'unknown') then return {} end
redis.call('HDEL', b .. ':turn', 'token', 'ids', 'state', 'why')
if redis.call('HLEN', b .. ':rec') == 0 then
  leave(channel, target)
  return {}
end

local lease = redis.call('ZRANGE', b .. ':fly', 0, 0, 'WITHSCORES')[2]

local function sleep_for(ms, why)
  local job = plan_turn(channel, target, 'asleep', now + ms)
  redis.call('HSET', b .. ':turn', 'seen', seen, 'why', why)
  if lease and tonumber(lease) < now + ms then redis.call('ZADD', TURNS, lease, channel .. '/' .. target) end
  return { job, ms }
end
-- Whatever is waited for, what expires meanwhile is ended in time.
local function expires()
  local id = redis.call('LINDEX', b .. ':ready', 0)
  local rec = id and load_record(target, id)
  return rec and rec[CREATED] + tonumber(ARGV[12]) + 1 or math.huge
end
local function sleep_until(at, why)
  at = math.min(at, expires())
  return sleep_for(math.max(tonumber(ARGV[6]), math.ceil(at - now)), why)
end
local function first(set) return tonumber(redis.call('ZRANGE', b .. set, 0, 0, 'WITHSCORES')[2]) end

if fate == 'unknown' then return sleep_for(tonumber(ARGV[9]), 'unreadable') end
if fate == 'changed' then
  rouse_due(target)
  forget_failures(target)
end
local health = load_health(target)
local flying = redis.call('ZCARD', b .. ':fly')
local full = not closed and flying >= flights_max(health)
local ready = redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':roused') > 0
local due, later = first(':due'), first(':later')
if closed and (due or later) then ready = true end

if full and flying > 0 then
  redis.call('HSET', b .. ':turn', 'state', 'full')
  redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
  return {}
end
if health.hold > now and not closed then
  -- What comes meanwhile goes to the fallback endpoint, and so it may call.
  local forsaken = health.why == 'misconfigured' and ARGV[13] ~= ''
  if forsaken and ready then return { plan_turn(channel, target, 'queued', now), 0 } end
  return sleep_until(health.hold, forsaken and 'retry' or health.why)
end
-- An open breaker tries whoever waits for his next try as soon as it may.
if ready or (due and health.trips > 0) then
  if wait > 0 and not closed then return sleep_until(now + wait, ARGV[11]) end
  return { plan_turn(channel, target, 'queued', now), 0 }
end
if due and (not later or due <= later) then return sleep_until(due, 'retry') end
if later then return sleep_until(later, 'replay') end
redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
return {}

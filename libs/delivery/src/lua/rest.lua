-- A turn ends: what comes next at the target.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 job, 6 most in flight at the target, 7 shortest sleep (ms),
--        8 settings that the turn has seen, 9 what became of them: "" | "changed" | "unknown", 10 put off by (ms)
-- Changed settings call for another turn at once, in which what waits need not wait any more; with unknown ones nothing
-- can be done for a while, whatever is ready. Answers { job, delay in ms } of the next turn, or nothing: the mailbox is
-- empty, or all that is left is in flight and its settling will call for a turn.

local now = clock(ARGV[2])
local channel, target, seen, fate = ARGV[3], ARGV[4], ARGV[8], ARGV[9]
local b = box(target)

local turn = redis.call('HMGET', b .. ':turn', 'job', 'state')
if turn[1] ~= ARGV[5] or (turn[2] ~= 'running' and fate ~= 'unknown') then return {} end
redis.call('HDEL', b .. ':turn', 'token', 'ids', 'state')
if redis.call('HLEN', b .. ':rec') == 0 then
  redis.call('DEL', b .. ':turn')
  redis.call('ZREM', TURNS, channel .. '/' .. target)
  return {}
end

local lease = redis.call('ZRANGE', b .. ':fly', 0, 0, 'WITHSCORES')[2]

local function sleep_for(ms)
  local job = plan_turn(channel, target, 'asleep', now + ms)
  redis.call('HSET', b .. ':turn', 'seen', seen)
  if lease and tonumber(lease) < now + ms then redis.call('ZADD', TURNS, lease, channel .. '/' .. target) end
  return { job, ms }
end

if fate == 'unknown' then return sleep_for(tonumber(ARGV[10])) end
if fate == 'changed' then rouse_due(target) end
local flying = redis.call('ZCARD', b .. ':fly')
if redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':roused') > 0 and flying < tonumber(ARGV[6]) then
  return { plan_turn(channel, target, 'queued', now), 0 }
end
local due = redis.call('ZRANGE', b .. ':due', 0, 0, 'WITHSCORES')[2]
if due then return sleep_for(math.max(tonumber(ARGV[7]), due - now)) end
redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
return {}

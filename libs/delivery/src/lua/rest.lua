-- A turn ends: what comes next at the target.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 job, 6 most in flight at the target, 7 shortest sleep (ms),
--        8 put off by (ms): nothing can be done at the target before, whatever is ready
-- Answers { job, delay in ms } of the next turn, or nothing: the mailbox is empty, or all that is left is in flight
-- and its settling will call for a turn.

local now = clock(ARGV[2])
local channel, target = ARGV[3], ARGV[4]
local b = box(target)

local turn = redis.call('HMGET', b .. ':turn', 'job', 'state')
if turn[1] ~= ARGV[5] or turn[2] ~= 'running' then return {} end
redis.call('HDEL', b .. ':turn', 'token', 'ids', 'state')
if redis.call('HLEN', b .. ':rec') == 0 then
  redis.call('DEL', b .. ':turn')
  redis.call('ZREM', TURNS, channel .. '/' .. target)
  return {}
end
local flying = redis.call('ZCARD', b .. ':fly')
local put_off = tonumber(ARGV[8])
if put_off > 0 then return { plan_turn(channel, target, 'asleep', now + put_off), put_off } end
if redis.call('LLEN', b .. ':ready') + redis.call('ZCARD', b .. ':roused') > 0 and flying < tonumber(ARGV[6]) then
  return { plan_turn(channel, target, 'queued', now), 0 }
end
local due = redis.call('ZRANGE', b .. ':due', 0, 0, 'WITHSCORES')[2]
local lease = redis.call('ZRANGE', b .. ':fly', 0, 0, 'WITHSCORES')[2]
if not due then
  redis.call('ZADD', TURNS, lease or now, channel .. '/' .. target)
  return {}
end
local sleep = math.max(tonumber(ARGV[7]), due - now)
local job = plan_turn(channel, target, 'asleep', now + sleep)
if lease and tonumber(lease) < now + sleep then redis.call('ZADD', TURNS, lease, channel .. '/' .. target) end
return { job, sleep }

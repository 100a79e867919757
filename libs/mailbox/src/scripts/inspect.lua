-- What waits at the targets of a shard, and why. Reads only.
--   ARGV 1 prefix, 2 time, 3… targets that are told of, if they are unwell, though nothing waits there
-- Answers { now, targets }, of each target { channel (empty for those asked for), target, about, waiting, running, ready,
-- retrying, replaying, behind another of their key, created the oldest, turn state, why asleep, until, failures, since,
-- held until, why held, error, last failure }. Which delivery is the oldest is told from the beginnings of the lists: where more than
-- a few wait for their next try, there may be an older one.

local LOOK = 20
local now = clock(ARGV[2])
local targets, told = {}, {}

local function oldest_among(b, ids, oldest)
  if #ids == 0 then return oldest end
  for _, packed in ipairs(redis.call('HMGET', b .. ':rec', unpack(ids))) do
    local created = packed and cmsgpack.unpack(packed)[CREATED]
    if created and (oldest == 0 or created < oldest) then oldest = created end
  end
  return oldest
end

local function oldest_in(b)
  local oldest = oldest_among(b, redis.call('LRANGE', b .. ':ready', 0, LOOK - 1), 0)
  for _, list in ipairs({ ':due', ':roused', ':later' }) do
    oldest = oldest_among(b, redis.call('ZRANGE', b .. list, 0, LOOK - 1), oldest)
  end
  -- All that waits is behind others of its key, and hardly older than those.
  return oldest > 0 and oldest or oldest_among(b, redis.call('ZRANGE', b .. ':fly', 0, LOOK - 1), 0)
end

local function whole(value) return math.floor(tonumber(value) or 0) end

local function tell(channel, target, turn, waiting, running)
  told[target] = true
  local b = box(target)
  local health = redis.call('HMGET', b .. ':health', 'fails', 'since', 'hold', 'why', 'error', 'last')
  local unwell = whole(health[1]) > 0 or whole(health[3]) > now
  if waiting + running == 0 and not unwell then return end
  targets[#targets + 1] = {
    channel, target, turn[4] or '', waiting, running,
    math.max(0, redis.call('LLEN', b .. ':ready') - whole(turn[6])),
    redis.call('ZCARD', b .. ':due') + redis.call('ZCARD', b .. ':roused'), redis.call('ZCARD', b .. ':later'),
    whole(turn[5]), waiting > 0 and oldest_in(b) or 0, turn[1] or '', turn[3] or '', whole(turn[2]),
    whole(health[1]), whole(health[2]), whole(health[3]), health[4] or '', health[5] or '',
    whole(health[6]),
  }
end

for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local channel, target = string.match(member, '^([^/]*)/(.*)$')
  local b = box(target)
  local running = redis.call('ZCARD', b .. ':fly')
  local waiting = math.max(0, redis.call('HLEN', b .. ':rec') - running)
  local turn = redis.call('HMGET', b .. ':turn', 'state', 'until', 'why', 'about', 'chained', 'stale')
  tell(channel, target, turn, waiting, running)
end
for i = 3, #ARGV do
  if not told[ARGV[i]] then tell('', ARGV[i], {}, 0, 0) end
end
return { now, targets }

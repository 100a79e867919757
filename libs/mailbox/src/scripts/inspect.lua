-- needs: record, health
-- Reports for the targets of a shard how many deliveries wait, since when, and why. Targets without deliveries are
-- reported where they are listed and unwell. The oldest delivery is looked for at the beginnings of the lists: among
-- many that wait for a retry there may be an older one.

local LOOK = 20
enter(args.prefix)
local now = clock(args.now)
local targets, reported = {}, {}

local function oldest_among(mailbox, ids, oldest)
  if #ids == 0 then return oldest end
  for _, packed in ipairs(redis.call('HMGET', mailbox .. keys.records, unpack(ids))) do
    local created = packed and cmsgpack.unpack(packed)[R.created]
    if created and (oldest == 0 or created < oldest) then oldest = created end
  end
  return oldest
end

local function oldest_in(mailbox)
  local oldest = oldest_among(mailbox, redis.call('LRANGE', mailbox .. keys.ready, 0, LOOK - 1), 0)
  for _, set in ipairs({ keys.due, keys.resumed, keys.later }) do
    oldest = oldest_among(mailbox, redis.call('ZRANGE', mailbox .. set, 0, LOOK - 1), oldest)
  end
  -- Everything that waits is behind others of its key, and hardly older than those.
  return oldest > 0 and oldest
    or oldest_among(mailbox, redis.call('ZRANGE', mailbox .. keys.inFlight, 0, LOOK - 1), 0)
end

local function whole(value) return math.floor(tonumber(value) or 0) end

local function report(channel, target, turn, waiting, in_flight)
  reported[target] = true
  local mailbox = mailbox_of(target)
  local health = redis.call('HMGET', health_key(target), 'fails', 'since', 'hold', 'why', 'error', 'last')
  local unwell = whole(health[1]) > 0 or whole(health[3]) > now
  if waiting + in_flight == 0 and not unwell then return end
  targets[#targets + 1] = answers.target {
    channel = channel, target = target, endpointInfo = turn[4] or '', waiting = waiting, running = in_flight,
    ready = math.max(0, redis.call('LLEN', mailbox .. keys.ready) - whole(turn[6])),
    retrying = redis.call('ZCARD', mailbox .. keys.due) + redis.call('ZCARD', mailbox .. keys.resumed),
    replaying = redis.call('ZCARD', mailbox .. keys.later), behind = whole(turn[5]),
    waitingSince = waiting > 0 and oldest_in(mailbox) or 0,
    turn = turn[1] or '', why = turn[3] or '', sleepsUntil = whole(turn[2]),
    failures = whole(health[1]), failingSince = whole(health[2]), failedAt = whole(health[6]),
    heldUntil = whole(health[3]), heldWhy = health[4] or '', lastError = health[5] or '',
  }
end

for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local channel, target = parse_member(member)
  local mailbox = mailbox_of(target)
  local in_flight = redis.call('ZCARD', mailbox .. keys.inFlight)
  local waiting = math.max(0, redis.call('HLEN', mailbox .. keys.records) - in_flight)
  local turn = redis.call('HMGET', mailbox .. keys.turn, 'state', 'until', 'why', 'about', 'chained', 'stale')
  report(channel, target, turn, waiting, in_flight)
end
for i = others.first, others.last do
  if not reported[others[i]] then report('', others[i], {}, 0, 0) end
end
return answers.inspection { at = now, targets = targets }

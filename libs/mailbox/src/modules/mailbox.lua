-- Mailboxes: the deliveries that wait at a target, and the turn that will come for them.
-- Every key of a shard carries the shard's hash tag, so a script may build the names it needs from the prefix.
--
--   <p>ledger            hash   admitted, delivered, dead, cancelled, pending, and serial numbers
--   <p>turns             zset   channel/target -> when to worry that no turn has come (epoch ms)
--   <p>box:<t>:rec       hash   delivery id -> record
--   <p>box:<t>:ready     list   ids that may be sent now
--   <p>box:<t>:due       zset   ids that wait for their next try -> when
--   <p>box:<t>:roused    zset   ids that waited when the settings changed, and need not wait any more
--   <p>box:<t>:later     zset   ids of replays -> when they may go; until then their keys are not busy
--   <p>box:<t>:later:<k> list   of them, those of the key k, in order
--   <p>box:<t>:fly       zset   ids being sent -> when their lease runs out
--   <p>box:<t>:busy:<b>  hash   rest of the keys with an unsettled delivery before which no other of the key may go
--   <p>box:<t>:chain:<k> list   ids of the key k behind that one, in order
--   <p>box:<t>:ends      hash   episode -> id of the recovery in a chain that ends it
--   <p>box:<t>:turn      hash   state (queued | asleep | running | full: what is in flight calls for the next), job, until, why (it sleeps), seen (settings under which
--                               it fell asleep), chained, stale (ids on the ready list whose record is gone), token, ids,
--                               about (the endpoint, for the log), lost (turns lost in a row)
--   <p>box:<t>:health    hash   how the target's last sends went, see health.lua; outlives the mailbox

local PREFIX, LEDGER, TURNS
local boxes
-- From here on the script is about this shard.
local function enter(prefix) PREFIX, LEDGER, TURNS, boxes = prefix, prefix .. 'ledger', prefix .. 'turns', {} end
enter(ARGV[1])

-- A queued or sleeping turn that is late by this much is looked for in its queue.
local TURN_GRACE_MS = 5000

-- Fields of a delivery record. The last six are there only where they say something (false, or 0, before one that does):
-- through which fallback endpoint the episode was told (a recovery follows there), when the event was first admitted, for
-- which delivery of another endpoint this one stands in, the push that told last of the same episode, where some
-- recipients have taken it those for whom it is tried again and those that were refused (JSON: two lists), and, where a
-- digest with it was refused, how many may be told together the next time.
local EVENT, KEY, EPISODE, SEVERITY, CREATED, SUPPRESSED, PUSH, TARGETS = 1, 2, 3, 4, 5, 6, 7, 8
local ATTEMPTS, FAILURES, MAYBE, REVISION, LIVE, VIA, BORN, ORIGIN, FOLLOWS, EARLIER, TOGETHER = 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19

-- Why a turn sleeps although something is ready: nothing but time, a success or other settings can help.
local HOLDS = { rate = true, failing = true, misconfigured = true, throttled = true, unreadable = true }

-- What a script adds to the ledger is summed up and written once, at its end.
local added = {}
local function count(field, by) added[field] = (added[field] or 0) + by end
local function write_ledger()
  for field, by in pairs(added) do redis.call('HINCRBY', LEDGER, field, by) end
  added = {}
end

-- Redis' own clock, unless the caller brings one (tests do).
local function clock(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function box(target)
  local name = boxes[target] or PREFIX .. 'box:' .. target
  boxes[target] = name
  return name
end

-- Of what there is one a key, those whose keys begin alike share a hash: the bucket, and what is left of the key. Redis
-- keeps a small hash of small values in one piece, in a quarter of the memory of as many keys or members of a set. 512
-- buckets are not too many for 1,000 keys, and with 200,000 each is still small; beyond that they only take more memory.
local function bucket_of(key) return string.sub(key, 1, 1) .. string.byte(key, 2) % 8, string.sub(key, 2) end

-- True when the key was free.
local function make_busy(target, key)
  local bucket, rest = bucket_of(key)
  return redis.call('HSET', box(target) .. ':busy:' .. bucket, rest, '') == 1
end

local function make_free(target, key)
  local bucket, rest = bucket_of(key)
  redis.call('HDEL', box(target) .. ':busy:' .. bucket, rest)
end

local function load_record(target, id)
  local packed = redis.call('HGET', box(target) .. ':rec', id)
  return packed and cmsgpack.unpack(packed)
end

-- Fields before one that is set must not be missing: a list with gaps is packed as a map, which takes more.
local function set_rare(rec, field, value)
  for i = VIA, field - 1 do rec[i] = rec[i] or false end
  rec[field] = value
end

-- When the event came in, which for a replay is long before the delivery was made.
local function born(rec) return rec[BORN] and rec[BORN] > 0 and rec[BORN] or rec[CREATED] end

local function save_record(target, id, rec) redis.call('HSET', box(target) .. ':rec', id, cmsgpack.pack(rec)) end

-- A new turn for the target: its job number, and by when it should have started.
local function plan_turn(channel, target, state, at)
  local job = redis.call('HINCRBY', LEDGER, 'turn', 1)
  redis.call('HSET', box(target) .. ':turn', 'state', state, 'job', job, 'until', at)
  redis.call('ZADD', TURNS, at + TURN_GRACE_MS, channel .. '/' .. target)
  return job
end

-- Something can be done at the target now. Answers the job that the caller has to add to the queue, and the sleeping
-- one that it replaces (or 0); nil when a turn is on its way or running (it looks again before it ends), or sleeps for a
-- reason that holds on. `whatever`: the reason has gone.
local function wake(channel, target, now, whatever)
  local turn = redis.call('HMGET', box(target) .. ':turn', 'state', 'job', 'why', 'until')
  if turn[1] == 'queued' or turn[1] == 'running' then return nil end
  if turn[1] == 'full' and not whatever then return nil end
  local asleep = turn[1] == 'asleep'
  if asleep and not whatever and HOLDS[turn[3]] and tonumber(turn[4]) > now then return nil end
  return { channel, target, plan_turn(channel, target, 'queued', now), asleep and tonumber(turn[2]) or 0 }
end

-- Nothing is left at the target: no turn has to come, unless one is on its way and finds that out by itself.
local function leave(channel, target, state)
  if state == 'running' or state == 'queued' then return end
  redis.call('DEL', box(target) .. ':turn', box(target) .. ':ready')
  redis.call('ZREM', TURNS, channel .. '/' .. target)
end

-- What comes into mailboxes is written together: that takes half as long as one by one. Not more than so many, since
-- arguments and memory have bounds.
local TOGETHER_MAX = 100
local arrivals, arrived = {}, 0

local function write_arrivals()
  for target, at in pairs(arrivals) do
    if #at.records > 0 then redis.call('HSET', box(target) .. ':rec', unpack(at.records)) end
    if #at.ready > 0 then redis.call('RPUSH', box(target) .. ':ready', unpack(at.ready)) end
  end
  arrivals, arrived = {}, 0
end

local function arrivals_at(target)
  if arrived == TOGETHER_MAX then write_arrivals() end
  arrived = arrived + 1
  local at = arrivals[target] or { records = {}, ready = {} }
  arrivals[target] = at
  return at
end

-- Lines a delivery up: ready (with the other arrivals), or behind an unsettled one of its key. True when it is ready.
local function line_up(target, id, rec)
  local b = box(target)
  if make_busy(target, rec[KEY]) then
    local ready = arrivals_at(target).ready
    ready[#ready + 1] = id
    return true
  end
  redis.call('RPUSH', b .. ':chain:' .. rec[KEY], id)
  redis.call('HINCRBY', b .. ':turn', 'chained', 1)
  if rec[SEVERITY] == 0 then redis.call('HSET', b .. ':ends', rec[EPISODE], id) end
  return false
end

local function count_admitted()
  count('admitted', 1)
  count('pending', 1)
end

-- Replays of a key do not wait for their time when something new of the key comes: they tell of what was before it.
local replaying = {}
local function line_up_replays(target, key)
  local b = box(target)
  if replaying[target] == nil then replaying[target] = redis.call('EXISTS', b .. ':later') == 1 end
  if not replaying[target] then return false end
  local called = false
  for _, id in ipairs(redis.call('LRANGE', b .. ':later:' .. key, 0, -1)) do
    redis.call('ZREM', b .. ':later', id)
    local rec = load_record(target, id)
    if rec then called = line_up(target, id, rec) or called end
  end
  redis.call('DEL', b .. ':later:' .. key)
  return called
end

-- Puts a new delivery into the mailbox, with the other arrivals. True when something is ready by it.
local function put(target, id, rec)
  local records = arrivals_at(target).records
  records[#records + 1], records[#records + 2] = id, cmsgpack.pack(rec)
  count_admitted()
  local called = line_up_replays(target, rec[KEY])
  return line_up(target, id, rec) or called
end

-- What waits for its next try need not wait any more. Renaming takes no time however much it is; the union is for a
-- change on the heels of another.
local function rouse_due(target)
  local b = box(target)
  if redis.call('EXISTS', b .. ':due') == 0 then return end
  if redis.call('EXISTS', b .. ':roused') == 1 then
    redis.call('ZUNIONSTORE', b .. ':roused', 2, b .. ':roused', b .. ':due')
    redis.call('DEL', b .. ':due')
  else
    redis.call('RENAME', b .. ':due', b .. ':roused')
  end
end

-- needs: shard, record, turn
-- Mailboxes: the deliveries that wait at a target, lined up so that those of one key go out in order.

-- True when the key was free.
local function make_busy(target, key)
  local bucket, rest = bucket_of(key)
  return redis.call('HSET', mailbox_of(target) .. keys.busy .. bucket, rest, '') == 1
end

local function make_free(target, key)
  local bucket, rest = bucket_of(key)
  redis.call('HDEL', mailbox_of(target) .. keys.busy .. bucket, rest)
end

-- Arrivals are written together, which takes half the time of writing them one by one. The bound keeps arguments and
-- memory small.
local TOGETHER_MAX = 100
local arrivals, arrived = {}, 0

local function write_arrivals()
  for target, at in pairs(arrivals) do
    if #at.records > 0 then redis.call('HSET', mailbox_of(target) .. keys.records, unpack(at.records)) end
    if #at.ready > 0 then redis.call('RPUSH', mailbox_of(target) .. keys.ready, unpack(at.ready)) end
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

-- Lines a delivery up: ready, with the other arrivals, or behind an unsettled one of its key. True when it is ready.
local function line_up(target, id, rec)
  local mailbox = mailbox_of(target)
  if make_busy(target, rec[R.key]) then
    local ready = arrivals_at(target).ready
    ready[#ready + 1] = id
    return true
  end
  redis.call('RPUSH', mailbox .. keys.chain .. rec[R.key], id)
  redis.call('HINCRBY', mailbox .. keys.turn, 'chained', 1)
  if rec[R.severity] == 0 then redis.call('HSET', mailbox .. keys.recoveries, rec[R.episode], id) end
  return false
end

local function count_admitted()
  count('admitted', 1)
  count('pending', 1)
end

-- Lines up the replays of a key before a new delivery of it: they report what was before, so they do not wait for
-- their time. True when something is ready by it.
local replaying = {}
local function line_up_replays(target, key)
  local mailbox = mailbox_of(target)
  if replaying[target] == nil then replaying[target] = redis.call('EXISTS', mailbox .. keys.later) == 1 end
  if not replaying[target] then return false end
  local called = false
  for _, id in ipairs(redis.call('LRANGE', mailbox .. keys.laterOfKey .. key, 0, -1)) do
    redis.call('ZREM', mailbox .. keys.later, id)
    local rec = load_record(target, id)
    if rec then called = line_up(target, id, rec) or called end
  end
  redis.call('DEL', mailbox .. keys.laterOfKey .. key)
  return called
end

-- Puts a new delivery into the mailbox, with the other arrivals. True when something is ready by it.
local function put(target, id, rec)
  local records = arrivals_at(target).records
  records[#records + 1], records[#records + 2] = id, cmsgpack.pack(rec)
  count_admitted()
  local called = line_up_replays(target, rec[R.key])
  return line_up(target, id, rec) or called
end

-- Makes deliveries that wait for their next attempt ready. Renaming takes constant time; the union is for a second
-- change of settings before the next turn.
local function resume_due(target)
  local mailbox = mailbox_of(target)
  if redis.call('EXISTS', mailbox .. keys.due) == 0 then return end
  if redis.call('EXISTS', mailbox .. keys.resumed) == 1 then
    redis.call('ZUNIONSTORE', mailbox .. keys.resumed, 2, mailbox .. keys.resumed, mailbox .. keys.due)
    redis.call('DEL', mailbox .. keys.due)
  else
    redis.call('RENAME', mailbox .. keys.due, mailbox .. keys.resumed)
  end
end

-- needs: shard
-- Records of deliveries.

-- Fields of a record. The last six are set only where they say something; before one that is set, missing ones are false
-- or 0. LIVE: pushes of the episode that stand at the target (of a recovery). VIA: the fallback endpoint that reported the
-- episode (a recovery follows there). BORN: when the event was first admitted. ORIGIN: the delivery of another endpoint
-- that this one stands in for. FOLLOWS: the last push of the same episode. EARLIER: where some recipients took it, those
-- that are retried and those that were refused (JSON, two lists). TOGETHER: where a digest with it was refused, the most
-- deliveries of its next one.
local EVENT, KEY, EPISODE, SEVERITY, CREATED, SUPPRESSED, PUSH, TARGETS = 1, 2, 3, 4, 5, 6, 7, 8
local ATTEMPTS, FAILURES, MAYBE, REVISION, LIVE, VIA, BORN, ORIGIN, FOLLOWS, EARLIER, TOGETHER = 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19

local function load_record(target, id)
  local packed = redis.call('HGET', mailbox_of(target) .. keys.records, id)
  return packed and cmsgpack.unpack(packed)
end

local function save_record(target, id, rec)
  redis.call('HSET', mailbox_of(target) .. keys.records, id, cmsgpack.pack(rec))
end

-- Sets one of the last fields. A list with gaps would be packed as a map, which takes more memory.
local function set_rare(rec, field, value)
  for i = VIA, field - 1 do rec[i] = rec[i] or false end
  rec[field] = value
end

-- When the event came in; for a replay that is long before the delivery was created.
local function born(rec) return rec[BORN] and rec[BORN] > 0 and rec[BORN] or rec[CREATED] end

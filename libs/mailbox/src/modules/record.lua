-- needs: shard
-- Records of deliveries.

local function load_record(target, id)
  local packed = redis.call('HGET', mailbox_of(target) .. keys.records, id)
  return packed and cmsgpack.unpack(packed)
end

local function save_record(target, id, rec)
  redis.call('HSET', mailbox_of(target) .. keys.records, id, cmsgpack.pack(rec))
end

-- Sets one of the last fields. A list with gaps would be packed as a map, which takes more memory.
local function set_rare(rec, field, value)
  for i = R.via, field - 1 do rec[i] = rec[i] or false end
  rec[field] = value
end

-- When the event came in; for a replay that is long before the delivery was created.
local function born(rec) return rec[R.born] and rec[R.born] > 0 and rec[R.born] or rec[R.created] end

-- needs: shard, claim
-- Claims in Redis. A bucket that grows large splits into eight, `<bucket>0` to `<bucket>7`, and then holds only a
-- mark of it. A claim that is too large for its bucket has a key of its own, and an empty text in the bucket.

-- Redis stores a hash in one piece while none of its values is longer than this (bytes).
local PACKED_MAX = 64
-- A bucket outlives its claims by this time, so that its expiry is not moved with every claim. When it is moved,
-- expired claims are removed.
local BUCKET_SLACK_MS = 24 * 3600 * 1000
-- Finding a claim among this many takes about a microsecond, and twice as long among twice as many.
local BUCKET_MAX = 64
local SPLIT = '/'
-- A script moves or removes about this many claims; later scripts do the rest.
local TIDY_MAX = 500

-- A script reads and writes each claim once, however many of its events or settlements concern it. An entry holds the
-- claim or false, the period with which it is written or false, and its bucket.
local entries, unsaved, buckets = {}, {}, {}

local function large_claim(endpoint, key) return PREFIX .. keys.claim .. endpoint .. ':' .. key end

local function eighth(field) return string.byte(field, 2) % 8 end

local function open_bucket(hash, endpoint, parent)
  local bucket = buckets[hash]
  if not bucket then
    bucket = {
      hash = hash, endpoint = endpoint, parent = parent, size = false, split = false, set = false, last = 0, period = 0,
    }
    buckets[hash] = bucket
  end
  return bucket
end

-- The bucket of a claim that is not in the first one: the same, unless that has split.
local function after_split(bucket, field)
  if not bucket.size then
    bucket.size = redis.call('HLEN', bucket.hash)
    bucket.split = bucket.size == 1 and redis.call('HEXISTS', bucket.hash, SPLIT) == 1
  end
  return bucket.split and open_bucket(bucket.hash .. eighth(field), bucket.endpoint, bucket.hash) or bucket
end

-- Answers the packed claim, its bucket, and its field there.
local function find_claim(endpoint, key)
  local part, field = bucket_of(key)
  local bucket = open_bucket(PREFIX .. keys.claims .. endpoint .. ':' .. part, endpoint, false)
  local packed = not bucket.split and redis.call('HGET', bucket.hash, field)
  if not packed then
    local first = bucket
    bucket = after_split(first, field)
    if bucket ~= first then packed = redis.call('HGET', bucket.hash, field) end
  end
  if packed == '' then packed = redis.call('GET', large_claim(endpoint, key)) end
  return packed, bucket, field
end

local function load_claim(endpoint, key, period, now)
  local name = endpoint .. ':' .. key
  local entry = entries[name]
  if entry then return entry.claim or nil end
  local packed, bucket, field = find_claim(endpoint, key)
  entry = { key = key, field = field, bucket = bucket, claim = false, period = false }
  entries[name] = entry
  if not packed then return nil end
  local claim = unpack_claim(packed)
  if expiry(claim, period) <= now then return nil end
  if now - claim[C.seen] >= EPISODE_MS then end_episode(claim) end
  entry.claim = claim
  return claim
end

-- Saves a claim that was loaded before, whether there was one or not.
local function save_claim(endpoint, key, claim, period)
  local entry = entries[endpoint .. ':' .. key]
  if not entry.period then unsaved[#unsaved + 1] = entry end
  entry.claim, entry.period = claim, period
end

-- The value of a claim in its bucket.
local function packed_or_large(entry, ms)
  local packed = pack_claim(entry.claim)
  if #packed <= PACKED_MAX then return packed end
  redis.call('SET', large_claim(entry.bucket.endpoint, entry.key), packed, 'PX', ms)
  return ''
end

-- Removes expired claims.
local tidied = 0
local function clear_bucket(bucket, now)
  local all, first = redis.call('HGETALL', bucket.hash), string.match(bucket.hash, ':(.)%d+$')
  tidied = tidied + #all / 2
  for i = 1, #all, 2 do
    local field, packed = all[i], all[i + 1]
    local over
    if packed == '' then
      over = redis.call('EXISTS', large_claim(bucket.endpoint, first .. field)) == 0
    else
      over = expiry(unpack_claim(packed), bucket.period) <= now
    end
    if over then redis.call('HDEL', bucket.hash, field) end
  end
end

local function split_bucket(bucket)
  local hash, parts = bucket.hash, {}
  local all, left = redis.call('HGETALL', hash), redis.call('PTTL', hash)
  tidied = tidied + #all / 2
  for i = 1, #all, 2 do
    local n = eighth(all[i])
    local part = parts[n] or {}
    parts[n], part[#part + 1], part[#part + 2] = part, all[i], all[i + 1]
  end
  redis.call('DEL', hash)
  for n, part in pairs(parts) do
    redis.call('HSET', hash .. n, unpack(part))
    redis.call('PEXPIRE', hash .. n, left)
  end
  redis.call('HSET', hash, SPLIT, '')
  redis.call('PEXPIRE', hash, left)
end

-- Makes a bucket last as long as its last claim.
local function extend_bucket(bucket, now)
  local needed, left = bucket.last - now, bucket.size == 0 and -1 or redis.call('PTTL', bucket.hash)
  if left >= needed then return end
  -- Where too much is to be removed, the next script that writes here gets here again.
  local clear = left >= 0 and tidied < TIDY_MAX
  local ms = (left < 0 or clear) and needed + BUCKET_SLACK_MS or needed
  redis.call('PEXPIRE', bucket.hash, ms)
  if bucket.parent then redis.call('PEXPIRE', bucket.parent, ms, 'GT') end
  if clear then clear_bucket(bucket, now) end
end

local function write_bucket(bucket, now)
  local added = redis.call('HSET', bucket.hash, unpack(bucket.set))
  extend_bucket(bucket, now)
  local grew = added > 0 and not bucket.parent and bucket.size + added > BUCKET_MAX
  if grew and tidied < TIDY_MAX then split_bucket(bucket) end
end

local function write_claims(now)
  local changed = {}
  for _, entry in ipairs(unsaved) do
    local last, bucket = expiry(entry.claim, entry.period), entry.bucket
    if last <= now then
      redis.call('HDEL', bucket.hash, entry.field)
    else
      if not bucket.set then changed[#changed + 1], bucket.set, bucket.last = bucket, {}, 0 end
      local set = bucket.set
      set[#set + 1], set[#set + 2] = entry.field, packed_or_large(entry, last - now)
      bucket.last, bucket.period = math.max(bucket.last, last), entry.period
    end
  end
  for _, bucket in ipairs(changed) do write_bucket(bucket, now) end
  entries, unsaved, buckets = {}, {}, {}
end

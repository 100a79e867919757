-- Claims: what an endpoint has been told of one (policy, object), from which follows what it is told next.
-- A claim lives as long as its episode or its push period, whichever is longer.
--
--   <p>claims:<endpoint>:<bucket>  hash    rest of the key -> claim, packed; empty for one that is too large. A bucket
--                                          that grew large has split into eight, `<bucket>0` to `<bucket>7`, and holds
--                                          nothing but a mark of it
--   <p>claim:<endpoint>:<key>      string  a claim that is too large: in the hash it would make all of them unpacked

local EPISODE_MS = 7 * 24 * 3600 * 1000
-- Within a period there is one push and an escalation a severity, so more can not matter.
local HOLDERS_MAX = 8
-- Redis keeps a hash in one piece while none of its values is longer.
local PACKED_MAX = 64
-- A bucket is kept for so long beyond its claims, so that its end is not moved with every one of them. When it is moved,
-- claims that have nothing to say any more are cleared out.
local BUCKET_SLACK_MS = 24 * 3600 * 1000
-- Looking for a claim among so many takes about a microsecond, and twice as long among twice as many.
local BUCKET_MAX = 64
local SPLIT = '/'
-- About so many claims a script moves or clears out; the rest is left to others.
local TIDY_MAX = 500

-- Fields of a claim. COUNTS are the pushes of the open episode that were not found dead, by severity.
-- HOLDERS are the last pushes that stand and may hold a push period: name, time, severity, one after the other. They are
-- kept whatever the period, since the period may be made longer.
-- MISSED counts, by target, pushes of the open episode that died there but not everywhere. VIA is the fallback endpoint
-- through which the episode was told, and missing elsewhere.
local C_EPISODE, C_SEEN, C_SUPPRESSED, C_DEAD, C_NOT_BEFORE, C_OWED, C_COUNTS, C_HOLDERS, C_MISSED, C_VIA =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10

local function no_claim(now) return { 0, now, 0, 0, 0, 0, { 0, 0, 0, 0 }, {}, {} } end

-- Without an event for so long, or with its recovery, an episode is over. The push period goes on.
local function end_episode(claim)
  claim[C_EPISODE], claim[C_OWED], claim[C_COUNTS], claim[C_MISSED], claim[C_VIA] = 0, 0, { 0, 0, 0, 0 }, {}, nil
end

-- Until when a claim has anything to say: its episode may go on for a week without events, and pushes that stand count
-- for the push period, also for one that is made longer.
local function expiry(claim, period)
  local holders = claim[C_HOLDERS]
  local idle = claim[C_EPISODE] == 0 and claim[C_SUPPRESSED] == 0 and claim[C_DEAD] == 0 and claim[C_OWED] == 0
  local last = claim[C_NOT_BEFORE]
  if not idle then last = math.max(last, claim[C_SEEN] + EPISODE_MS) end
  if #holders > 0 then last = math.max(last, holders[#holders - 1] + math.max(period, EPISODE_MS)) end
  return last
end

-- The usual claim takes some 25 bytes: what is hardly ever there shares one place, and holders lie close to the last event.
local function pack_claim(claim)
  local seen, counts, holders, rare = claim[C_SEEN], claim[C_COUNTS], claim[C_HOLDERS], 0
  if claim[C_DEAD] > 0 or claim[C_NOT_BEFORE] > 0 or claim[C_OWED] > 0 or claim[C_VIA] or next(claim[C_MISSED]) then
    rare = { claim[C_DEAD], claim[C_NOT_BEFORE], claim[C_OWED], claim[C_MISSED], claim[C_VIA] }
  end
  local p = { claim[C_EPISODE], seen, claim[C_SUPPRESSED], rare, counts[1], counts[2], counts[3], counts[4] }
  for i = 1, #holders, 3 do p[i + 8], p[i + 9], p[i + 10] = holders[i], seen - holders[i + 1], holders[i + 2] end
  return cmsgpack.pack(p)
end

-- Whether a claim is like almost all: nothing died, and it tells of no more than events and pushes.
local function is_usual(packed) return cmsgpack.unpack(packed)[4] == 0 end

local function unpack_claim(packed)
  local p, holders = cmsgpack.unpack(packed), {}
  for i = 1, #p - 8, 3 do holders[i], holders[i + 1], holders[i + 2] = p[i + 8], p[2] - p[i + 9], p[i + 10] end
  local claim = { p[1], p[2], p[3], 0, 0, 0, { p[5], p[6], p[7], p[8] }, holders, {} }
  local rare = p[4]
  if rare ~= 0 then
    claim[C_DEAD], claim[C_NOT_BEFORE], claim[C_OWED], claim[C_MISSED], claim[C_VIA] = unpack(rare)
  end
  return claim
end

-- A script reads each claim once and writes it once, however many of its events or settlements concern it: an entry
-- knows the claim, if there is one, the period with which it is to be written, if it is, and its place in a bucket.
local entries, unsaved, buckets = {}, {}, {}

local function large_claim(endpoint, key) return PREFIX .. 'claim:' .. endpoint .. ':' .. key end

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

-- The bucket in which a claim is that is not in the first: the same, unless that has split.
local function after_split(bucket, field)
  if not bucket.size then
    bucket.size = redis.call('HLEN', bucket.hash)
    bucket.split = bucket.size == 1 and redis.call('HEXISTS', bucket.hash, SPLIT) == 1
  end
  return bucket.split and open_bucket(bucket.hash .. eighth(field), bucket.endpoint, bucket.hash) or bucket
end

-- Answers the claim as it is packed, and where it is or would be.
local function find_claim(endpoint, key)
  local part, field = bucket_of(key)
  local bucket = open_bucket(PREFIX .. 'claims:' .. endpoint .. ':' .. part, endpoint, false)
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
  if now - claim[C_SEEN] >= EPISODE_MS then end_episode(claim) end
  entry.claim = claim
  return claim
end

-- To be loaded before, whether there was any or not.
local function save_claim(endpoint, key, claim, period)
  local entry = entries[endpoint .. ':' .. key]
  if not entry.period then unsaved[#unsaved + 1] = entry end
  entry.claim, entry.period = claim, period
end

-- What a bucket keeps of a claim.
local function packed_or_large(entry, ms)
  local packed = pack_claim(entry.claim)
  if #packed <= PACKED_MAX then return packed end
  redis.call('SET', large_claim(entry.bucket.endpoint, entry.key), packed, 'PX', ms)
  return ''
end

-- Takes out what has nothing to say any more.
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

-- Sees to it that a bucket stays as long as its last claim.
local function keep_bucket(bucket, now)
  local needed, left = bucket.last - now, bucket.size == 0 and -1 or redis.call('PTTL', bucket.hash)
  if left >= needed then return end
  -- Where too much is to be cleared, the next script that writes here comes to this again.
  local clear = left >= 0 and tidied < TIDY_MAX
  local ms = (left < 0 or clear) and needed + BUCKET_SLACK_MS or needed
  redis.call('PEXPIRE', bucket.hash, ms)
  if bucket.parent then redis.call('PEXPIRE', bucket.parent, ms, 'GT') end
  if clear then clear_bucket(bucket, now) end
end

local function write_bucket(bucket, now)
  local added = redis.call('HSET', bucket.hash, unpack(bucket.set))
  keep_bucket(bucket, now)
  if added > 0 and not bucket.parent and bucket.size + added > BUCKET_MAX and tidied < TIDY_MAX then split_bucket(bucket) end
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

-- How many pushes of the open episode stand.
local function standing(claim)
  local c = claim[C_COUNTS]
  return c[1] + c[2] + c[3] + c[4]
end

-- Whether a push that stands is less than a push period ago.
local function in_period(claim, period, now)
  local holders = claim[C_HOLDERS]
  return #holders > 0 and now - holders[#holders - 1] < period
end

-- The worst severity that was told: in this episode, or else by the pushes that hold the period. 0: nothing.
local function told(claim, period, now)
  for severity = 4, 1, -1 do
    if claim[C_COUNTS][severity] > 0 then return severity end
  end
  local worst, holders = 0, claim[C_HOLDERS]
  for i = 1, #holders, 3 do
    if now - holders[i + 1] < period then worst = math.max(worst, holders[i + 2]) end
  end
  return worst
end

-- What a push is called among the holders: the id of one that was made in the moment it holds from says that moment and
-- the shard, and the serial number is left.
local function holder_name(push, at)
  if #push == 14 and tonumber(string.sub(push, 1, 8), 36) == at % 36 ^ 8 then return string.sub(push, 9, 12) end
  return push
end

local function hold(claim, push, severity, now)
  local holders = claim[C_HOLDERS]
  if #holders >= 3 * HOLDERS_MAX then
    for _ = 1, 3 do table.remove(holders, 1) end
  end
  holders[#holders + 1], holders[#holders + 2], holders[#holders + 3] = holder_name(push, now), now, severity
end

local function let_go(claim, push)
  local holders, left = claim[C_HOLDERS], {}
  for i = 1, #holders, 3 do
    if holders[i] ~= holder_name(push, holders[i + 1]) then
      left[#left + 1], left[#left + 2], left[#left + 3] = holders[i], holders[i + 1], holders[i + 2]
    end
  end
  claim[C_HOLDERS] = left
end

-- A push that reached nobody takes back what it did to the claim. `dead` ends stretch the distance to the next.
local function give_back(endpoint, rec, push, period, now, dead)
  local claim = load_claim(endpoint, rec[KEY], period, now) or no_claim(now)
  local severity = rec[SEVERITY]
  local own = claim[C_EPISODE] == rec[EPISODE]
  if severity > 0 then
    if own then claim[C_COUNTS][severity] = math.max(0, claim[C_COUNTS][severity] - 1) end
    let_go(claim, push)
  elseif claim[C_EPISODE] == 0 then
    -- The recovery is still owed: its episode is open again, though nothing holds back the next firing.
    claim[C_EPISODE], claim[C_OWED] = rec[EPISODE], 1
  end
  claim[C_SUPPRESSED] = claim[C_SUPPRESSED] + rec[SUPPRESSED]
  if dead then
    claim[C_DEAD] = claim[C_DEAD] + 1
    if claim[C_DEAD] > 1 then
      claim[C_NOT_BEFORE] = now + math.min(period, 60000 * 2 ^ math.min(claim[C_DEAD] - 2, 20))
    end
  end
  save_claim(endpoint, rec[KEY], claim, period)
end

-- A push that arrived ends a row of dead ends.
local function keep(endpoint, rec, period, now)
  if not entries[endpoint .. ':' .. rec[KEY]] then
    local packed = find_claim(endpoint, rec[KEY])
    if not packed or is_usual(packed) then return end
  end
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if claim and claim[C_DEAD] > 0 then
    claim[C_DEAD], claim[C_NOT_BEFORE] = 0, 0
    save_claim(endpoint, rec[KEY], claim, period)
  end
end

-- A push died at one of its targets and stands elsewhere, or (by = -1) turned out to stand nowhere: that target was
-- told one push less of the episode, and a recovery without any told there is not sent there. Where one is owed from
-- before, it is owed everywhere.
local function note_missed(endpoint, rec, target, by, period, now)
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if not claim or claim[C_EPISODE] ~= rec[EPISODE] or claim[C_OWED] == 1 then return end
  claim[C_MISSED][target] = (claim[C_MISSED][target] or 0) + by
  save_claim(endpoint, rec[KEY], claim, period)
end

-- A push of the open episode was told through a fallback endpoint.
local function note_via(endpoint, rec, via, period, now)
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if not claim or claim[C_EPISODE] ~= rec[EPISODE] then return end
  claim[C_VIA] = via
  save_claim(endpoint, rec[KEY], claim, period)
end

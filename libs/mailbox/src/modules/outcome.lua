-- What became of a delivery: the outcome stream that the recorder turns into the log, the ledger, and the claim.

local OUTCOMES = PREFIX .. 'outcomes'

-- Upper bounds in milliseconds of the histograms; `inf` counts the rest.
local BOUNDS_MS = { 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 3600000 }

-- What the log says of the endpoint: as the caller knows it, or, where its settings are gone, as it was at admission.
local function about_of(target, given)
  return given ~= '' and given or redis.call('HGET', box(target) .. ':turn', 'about') or '{}'
end

-- Set by the script while Redis is nearly full: what was delivered is counted, and its details are not kept.
local shedding = false

-- Writes what happened to the outcome stream. `about` is the endpoint in JSON; more holds further fields in pairs.
-- The event goes along with a delivery's first record only.
local function emit(id, rec, target, status, about, now, more)
  local first = rec[REVISION] == 0
  local shed = shedding and status == 'delivered'
  if shed then count('shed', 1) end
  if shed and first then return end
  rec[REVISION] = rec[REVISION] + 1
  local fields = {
    'id', id, 'revision', rec[REVISION], 'status', status, 'attempts', rec[ATTEMPTS],
    'created', rec[CREATED], 'at', now, 'about', about, 'target-id', string.sub(target, string.find(target, '.', 1, true) + 1),
    'episode', tonumber(rec[EPISODE]) or 0,
  }
  if first then fields[#fields + 1], fields[#fields + 2] = 'event', rec[EVENT] end
  local stands_for = string.find(id, '_f', 1, true) and string.match(string.gsub(id, '_r%d+$', ''), '^(.+)_f%x%x[-%d]*$')
  if stands_for then fields[#fields + 1], fields[#fields + 2] = 'fallback-of', stands_for end
  if not shed then
    for _, field in ipairs(more) do fields[#fields + 1] = field end
  end
  redis.call('XADD', OUTCOMES, '*', unpack(fields))
end

-- Counts a time into one of the ledger's histograms: `latency`, admission to delivery, or `attempt`, one send.
local function observe(histogram, ms)
  local bucket = 'inf'
  for _, bound in ipairs(BOUNDS_MS) do
    if ms <= bound then bucket = bound break end
  end
  count(histogram .. ':' .. bucket, 1)
  count(histogram .. ':sum', ms)
end

-- So long a push may be with a fallback endpoint before its end there is of no interest any more.
local HANDED_MS = 7 * 24 * 3600 * 1000

-- A push that nobody but the fallback endpoint was told of: true where that could not tell anybody either.
local function returned_to(key, push, counts)
  if tonumber(counts[1]) ~= tonumber(counts[2] or 0) then return false end
  if counts[3] then return true end
  redis.call('SET', PREFIX .. 'handed:' .. push, 1, 'PX', HANDED_MS)
  return false
end

-- Counts a delivery off its push. `unfounded`: a recovery whose firing died there; `handed`: the fallback endpoint is
-- called in, which counts as good until it fails. Answers whether the push is over, whether it reached anyone, its id,
-- the other targets at which it ended badly, and whether it died at any.
local function count_off(id, rec, target, good, unfounded, handed)
  if rec[TARGETS] == 1 then
    if handed then redis.call('SET', PREFIX .. 'handed:' .. id, 1, 'PX', HANDED_MS) end
    return true, good or handed, id, {}, not unfounded
  end
  local key = PREFIX .. 'push:' .. rec[PUSH]
  if good or handed then redis.call('HINCRBY', key, 'good', 1) end
  if handed then redis.call('HINCRBY', key, 'handed', 1) end
  if not good and not handed then redis.call('HSET', key, target, unfounded and 'unfounded' or 'died') end
  if redis.call('HINCRBY', key, 'open', -1) > 0 then return false, good or handed, rec[PUSH], {}, false end
  local counts = redis.call('HMGET', key, 'good', 'handed', 'returned')
  local any, others, died = tonumber(counts[1]) > 0, {}, false
  if any and returned_to(key, rec[PUSH], counts) then any, died = false, true end
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    died = died or fields[i + 1] == 'died'
    -- Only names of targets have a dot.
    if string.find(fields[i], '.', 1, true) and fields[i] ~= target then others[#others + 1] = fields[i] end
  end
  redis.call('DEL', key)
  return true, any, rec[PUSH], others, died
end

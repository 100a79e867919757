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
    'created', rec[CREATED], 'at', now, 'about', about, 'target-id', string.match(target, '%.(.*)$'),
    'episode', tonumber(rec[EPISODE]) or 0,
  }
  if first then fields[#fields + 1], fields[#fields + 2] = 'event', rec[EVENT] end
  if rec[ORIGIN] then fields[#fields + 1], fields[#fields + 2] = 'fallback-of', (string.gsub(id, '_f%x%x[-%d]*$', '')) end
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

-- Counts a delivery off its push. `unfounded`: a recovery whose firing died there. Answers whether the push is over,
-- whether it reached anyone, its id, the other targets at which it ended badly, and whether it died at any.
local function count_off(id, rec, target, good, unfounded)
  if rec[TARGETS] == 1 then return true, good, id, {}, not unfounded end
  local key = PREFIX .. 'push:' .. rec[PUSH]
  if good then
    redis.call('HINCRBY', key, 'good', 1)
  else
    redis.call('HSET', key, target, unfounded and 'unfounded' or 'died')
  end
  if redis.call('HINCRBY', key, 'open', -1) > 0 then return false, good, rec[PUSH], {}, false end
  local any, others, died = tonumber(redis.call('HGET', key, 'good')) > 0, {}, false
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    died = died or fields[i + 1] == 'died'
    if fields[i] ~= 'open' and fields[i] ~= 'good' and fields[i] ~= target then others[#others + 1] = fields[i] end
  end
  redis.call('DEL', key)
  return true, any, rec[PUSH], others, died
end

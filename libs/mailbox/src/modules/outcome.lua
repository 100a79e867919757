-- needs: shard, record
-- The outcome stream, from which the recorder writes the delivery log, and the histograms of the ledger.

local BOUNDS_MS = constants.histogramBoundsMs

-- The endpoint as the log describes it (JSON): as the caller knows it or, where its settings are gone, as it was at
-- admission.
local function endpoint_info_of(target, given)
  return given ~= '' and given or redis.call('HGET', mailbox_of(target) .. keys.turn, 'about') or '{}'
end

-- Set by the script while Redis is nearly full: deliveries are counted, and their details are left out of the stream.
local shedding = false

-- The delivery of another endpoint that an id stands in for.
local function stands_for(id)
  if not string.find(id, deliveryIds.fallbackMark, 1, true) then return nil end
  return string.match(string.gsub(id, deliveryIds.luaReplay, ''), deliveryIds.luaFallback)
end

-- Appends an outcome to the stream. `info` is the endpoint in JSON; `more` holds further fields in pairs. Only the
-- first record of a delivery contains the event.
local function emit(id, rec, target, status, info, now, more)
  local first = rec[R.revision] == 0
  local shed = shedding and status == statuses.delivered
  if shed then count('shed', 1) end
  if shed and first then return end
  rec[R.revision] = rec[R.revision] + 1
  local fields = {
    'id', id, 'revision', rec[R.revision], 'status', status, 'attempts', rec[R.attempts],
    'created', rec[R.created], 'at', now, 'about', info,
    'target-id', string.sub(target, string.find(target, '.', 1, true) + 1), 'episode', tonumber(rec[R.episode]) or 0,
  }
  if first then fields[#fields + 1], fields[#fields + 2] = 'event', rec[R.event] end
  local original = stands_for(id)
  if original then fields[#fields + 1], fields[#fields + 2] = 'fallback-of', original end
  if not shed then
    for _, field in ipairs(more) do fields[#fields + 1] = field end
  end
  redis.call('XADD', OUTCOMES, '*', unpack(fields))
end

-- Counts a time in a histogram of the ledger: `latency`, admission to delivery, or `attempt`, one send.
local function observe(histogram, ms)
  local bucket = 'inf'
  for _, bound in ipairs(BOUNDS_MS) do
    if ms <= bound then bucket = bound break end
  end
  count(histogram .. ':' .. bucket, 1)
  count(histogram .. ':sum', ms)
end

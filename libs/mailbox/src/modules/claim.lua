-- A claim: the pushes that an endpoint has been sent for one (policy, object), from which follows what it is sent
-- next. A claim lives as long as its episode or its push period, whichever is longer.

-- Without an event for this time, an episode is over.
local EPISODE_MS = 7 * 24 * 3600 * 1000
-- A period holds one push and an escalation a severity, so older holders do not matter.
local HOLDERS_MAX = 8

local function no_claim(now) return { 0, now, 0, 0, 0, 0, { 0, 0, 0, 0 }, {}, {} } end

-- Ends the episode, after its recovery or EPISODE_MS without an event. The push period goes on.
local function end_episode(claim)
  claim[C.episode], claim[C.owed], claim[C.counts], claim[C.missed], claim[C.via] = 0, 0, { 0, 0, 0, 0 }, {}, nil
end

-- When a claim expires: its episode may go on for EPISODE_MS without events, and pushes that stand count for the push
-- period, also for one that is made longer.
local function expiry(claim, period)
  local holders = claim[C.holders]
  local idle = claim[C.episode] == 0 and claim[C.suppressed] == 0 and claim[C.dead] == 0 and claim[C.owed] == 0
  local last = claim[C.notBefore]
  if not idle then last = math.max(last, claim[C.seen] + EPISODE_MS) end
  if #holders > 0 then last = math.max(last, holders[#holders - 1] + math.max(period, EPISODE_MS)) end
  return last
end

-- The usual claim takes some 25 bytes: rare fields share one place, and times of holders are relative to the last
-- event.
local function pack_claim(claim)
  local seen, counts, holders, rare = claim[C.seen], claim[C.counts], claim[C.holders], 0
  if claim[C.dead] > 0 or claim[C.notBefore] > 0 or claim[C.owed] > 0 or claim[C.via] or next(claim[C.missed]) then
    rare = { claim[C.dead], claim[C.notBefore], claim[C.owed], claim[C.missed], claim[C.via] }
  end
  local p = { claim[C.episode], seen, claim[C.suppressed], rare, counts[1], counts[2], counts[3], counts[4] }
  for i = 1, #holders, 3 do p[i + 8], p[i + 9], p[i + 10] = holders[i], seen - holders[i + 1], holders[i + 2] end
  return cmsgpack.pack(p)
end

-- Whether a claim has no rare fields: nothing died, and no recovery is owed.
local function is_usual(packed) return cmsgpack.unpack(packed)[4] == 0 end

local function unpack_claim(packed)
  local p, holders = cmsgpack.unpack(packed), {}
  for i = 1, #p - 8, 3 do holders[i], holders[i + 1], holders[i + 2] = p[i + 8], p[2] - p[i + 9], p[i + 10] end
  local claim = { p[1], p[2], p[3], 0, 0, 0, { p[5], p[6], p[7], p[8] }, holders, {} }
  local rare = p[4]
  if rare ~= 0 then
    claim[C.dead], claim[C.notBefore], claim[C.owed], claim[C.missed], claim[C.via] = unpack(rare)
  end
  return claim
end

-- The number of pushes of the open episode that stand.
local function standing_pushes(claim)
  local c = claim[C.counts]
  return c[1] + c[2] + c[3] + c[4]
end

-- Whether a push that stands is less than a push period ago.
local function in_period(claim, period, now)
  local holders = claim[C.holders]
  return #holders > 0 and now - holders[#holders - 1] < period
end

-- The worst severity that was pushed in this episode, or else by the pushes that hold the period; 0 for none.
local function worst_severity(claim, period, now)
  for severity = 4, 1, -1 do
    if claim[C.counts][severity] > 0 then return severity end
  end
  local worst, holders = 0, claim[C.holders]
  for i = 1, #holders, 3 do
    if now - holders[i + 1] < period then worst = math.max(worst, holders[i + 2]) end
  end
  return worst
end

-- The name of a push among the holders. The time of its holder and the shard stand in its id as well, so that only
-- the serial number is stored.
local TIME_DIGITS = deliveryIds.timeDigits
local function holder_name(push, at)
  if #push == deliveryIds.pushLength and tonumber(string.sub(push, 1, TIME_DIGITS), 36) == at % 36 ^ TIME_DIGITS then
    return string.sub(push, TIME_DIGITS + 1, TIME_DIGITS + deliveryIds.serialDigits)
  end
  return push
end

-- Notes a push that holds the push period from now on.
local function hold_period(claim, push, severity, now)
  local holders = claim[C.holders]
  if #holders >= 3 * HOLDERS_MAX then
    for _ = 1, 3 do table.remove(holders, 1) end
  end
  holders[#holders + 1], holders[#holders + 2], holders[#holders + 3] = holder_name(push, now), now, severity
end

-- Removes a push from the holders.
local function release_period(claim, push)
  local holders, left = claim[C.holders], {}
  for i = 1, #holders, 3 do
    if holders[i] ~= holder_name(push, holders[i + 1]) then
      left[#left + 1], left[#left + 2], left[#left + 3] = holders[i], holders[i + 1], holders[i + 2]
    end
  end
  claim[C.holders] = left
end

-- A claim: the pushes that an endpoint has been sent for one (policy, object), from which follows what it is sent next.
-- A claim lives as long as its episode or its push period, whichever is longer.

-- Without an event for this time, an episode is over.
local EPISODE_MS = 7 * 24 * 3600 * 1000
-- A period holds one push and an escalation a severity, so older holders do not matter.
local HOLDERS_MAX = 8

-- Fields of a claim. COUNTS: pushes of the open episode that did not end dead, by severity. HOLDERS: the last pushes that
-- stand and may hold a push period: name, time and severity of each in a row; they are stored whatever the period is,
-- since it may be made longer. DEAD: dead pushes in a row. NOT_BEFORE: no push before this time, after dead ones. OWED: 1
-- where a recovery has reached nobody. MISSED: by target, pushes of the open episode that died there but not everywhere.
-- VIA: the fallback endpoint that reported the episode, or nil.
local C_EPISODE, C_SEEN, C_SUPPRESSED, C_DEAD, C_NOT_BEFORE, C_OWED, C_COUNTS, C_HOLDERS, C_MISSED, C_VIA =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10

local function no_claim(now) return { 0, now, 0, 0, 0, 0, { 0, 0, 0, 0 }, {}, {} } end

-- Ends the episode, after its recovery or EPISODE_MS without an event. The push period goes on.
local function end_episode(claim)
  claim[C_EPISODE], claim[C_OWED], claim[C_COUNTS], claim[C_MISSED], claim[C_VIA] = 0, 0, { 0, 0, 0, 0 }, {}, nil
end

-- When a claim expires: its episode may go on for EPISODE_MS without events, and pushes that stand count for the push
-- period, also for one that is made longer.
local function expiry(claim, period)
  local holders = claim[C_HOLDERS]
  local idle = claim[C_EPISODE] == 0 and claim[C_SUPPRESSED] == 0 and claim[C_DEAD] == 0 and claim[C_OWED] == 0
  local last = claim[C_NOT_BEFORE]
  if not idle then last = math.max(last, claim[C_SEEN] + EPISODE_MS) end
  if #holders > 0 then last = math.max(last, holders[#holders - 1] + math.max(period, EPISODE_MS)) end
  return last
end

-- The usual claim takes some 25 bytes: rare fields share one place, and times of holders are relative to the last event.
local function pack_claim(claim)
  local seen, counts, holders, rare = claim[C_SEEN], claim[C_COUNTS], claim[C_HOLDERS], 0
  if claim[C_DEAD] > 0 or claim[C_NOT_BEFORE] > 0 or claim[C_OWED] > 0 or claim[C_VIA] or next(claim[C_MISSED]) then
    rare = { claim[C_DEAD], claim[C_NOT_BEFORE], claim[C_OWED], claim[C_MISSED], claim[C_VIA] }
  end
  local p = { claim[C_EPISODE], seen, claim[C_SUPPRESSED], rare, counts[1], counts[2], counts[3], counts[4] }
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
    claim[C_DEAD], claim[C_NOT_BEFORE], claim[C_OWED], claim[C_MISSED], claim[C_VIA] = unpack(rare)
  end
  return claim
end

-- The number of pushes of the open episode that stand.
local function standing_pushes(claim)
  local c = claim[C_COUNTS]
  return c[1] + c[2] + c[3] + c[4]
end

-- Whether a push that stands is less than a push period ago.
local function in_period(claim, period, now)
  local holders = claim[C_HOLDERS]
  return #holders > 0 and now - holders[#holders - 1] < period
end

-- The worst severity that was pushed in this episode, or else by the pushes that hold the period; 0 for none.
local function worst_severity(claim, period, now)
  for severity = 4, 1, -1 do
    if claim[C_COUNTS][severity] > 0 then return severity end
  end
  local worst, holders = 0, claim[C_HOLDERS]
  for i = 1, #holders, 3 do
    if now - holders[i + 1] < period then worst = math.max(worst, holders[i + 2]) end
  end
  return worst
end

-- The name of a push among the holders. The time of its holder and the shard stand in its id as well, so that only the
-- serial number is stored.
local TIME_DIGITS = deliveryIds.timeDigits
local function holder_name(push, at)
  if #push == deliveryIds.pushLength and tonumber(string.sub(push, 1, TIME_DIGITS), 36) == at % 36 ^ TIME_DIGITS then
    return string.sub(push, TIME_DIGITS + 1, TIME_DIGITS + deliveryIds.serialDigits)
  end
  return push
end

-- Notes a push that holds the push period from now on.
local function hold_period(claim, push, severity, now)
  local holders = claim[C_HOLDERS]
  if #holders >= 3 * HOLDERS_MAX then
    for _ = 1, 3 do table.remove(holders, 1) end
  end
  holders[#holders + 1], holders[#holders + 2], holders[#holders + 3] = holder_name(push, now), now, severity
end

-- Removes a push from the holders.
local function release_period(claim, push)
  local holders, left = claim[C_HOLDERS], {}
  for i = 1, #holders, 3 do
    if holders[i] ~= holder_name(push, holders[i + 1]) then
      left[#left + 1], left[#left + 2], left[#left + 3] = holders[i], holders[i + 1], holders[i + 2]
    end
  end
  claim[C_HOLDERS] = left
end

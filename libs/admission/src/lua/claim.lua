-- Claims: what an endpoint has been told of one (policy, object), from which follows what it is told next.
-- One packed array a key; it lives as long as its episode or its push period, whichever is longer.

local EPISODE_MS = 7 * 24 * 3600 * 1000
-- Within a period there is one push and an escalation a severity, so more can not matter.
local HOLDERS_MAX = 8

-- Fields of a claim. COUNTS are the pushes of the open episode that were not found dead, by severity.
-- HOLDERS are the last pushes that stand and may hold a push period: id, time, severity, one after the other. They are
-- kept whatever the period, since the period may be made longer.
-- MISSED counts, by target, pushes of the open episode that died there but not everywhere. VIA is the fallback endpoint
-- through which the episode was told, and missing elsewhere.
local C_EPISODE, C_SEEN, C_SUPPRESSED, C_DEAD, C_NOT_BEFORE, C_OWED, C_COUNTS, C_HOLDERS, C_MISSED, C_VIA =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10

local function claim_key(endpoint, key) return PREFIX .. 'claim:' .. endpoint .. ':' .. key end

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

-- A script reads each claim once and writes it once, however many of its events or settlements concern it.
local claims, periods = {}, {}

local function load_claim(endpoint, key, period, now)
  local name = claim_key(endpoint, key)
  if claims[name] then return claims[name] end
  local packed = redis.call('GET', name)
  if not packed then return nil end
  local claim = cmsgpack.unpack(packed)
  if expiry(claim, period) <= now then return nil end
  if now - claim[C_SEEN] >= EPISODE_MS then end_episode(claim) end
  claims[name] = claim
  return claim
end

local function save_claim(endpoint, key, claim, period)
  local name = claim_key(endpoint, key)
  claims[name], periods[name] = claim, period
end

local function write_claim(name, claim, period, now)
  local last = expiry(claim, period)
  if last <= now then
    redis.call('DEL', name)
  else
    redis.call('SET', name, cmsgpack.pack(claim), 'PX', last - now)
  end
end

local function write_claims(now)
  for name, period in pairs(periods) do write_claim(name, claims[name], period, now) end
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

local function hold(claim, push, severity, now)
  local holders = claim[C_HOLDERS]
  if #holders >= 3 * HOLDERS_MAX then
    for _ = 1, 3 do table.remove(holders, 1) end
  end
  holders[#holders + 1], holders[#holders + 2], holders[#holders + 3] = push, now, severity
end

local function let_go(claim, push)
  local holders, left = claim[C_HOLDERS], {}
  for i = 1, #holders, 3 do
    if holders[i] ~= push then
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
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if claim and claim[C_DEAD] > 0 then
    claim[C_DEAD], claim[C_NOT_BEFORE] = 0, 0
    save_claim(endpoint, rec[KEY], claim, period)
  end
end

-- A push died at one of its targets and stands elsewhere, or (by = -1) turned out to stand nowhere: that target was
-- told one push less of the episode, and a recovery without any told there is not sent there.
local function note_missed(endpoint, rec, target, by, period, now)
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if not claim or claim[C_EPISODE] ~= rec[EPISODE] then return end
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

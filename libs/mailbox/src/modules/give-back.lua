-- needs: record, claim-store
-- Changes of a claim when its pushes end.

-- Undoes the effect of a push that reached nobody on its claim. `dead` pushes in a row stretch the time to the next.
local function give_back(endpoint, rec, push, period, now, dead)
  local claim = load_claim(endpoint, rec[KEY], period, now) or no_claim(now)
  local severity = rec[SEVERITY]
  local own = claim[C_EPISODE] == rec[EPISODE]
  if severity > 0 then
    if own then claim[C_COUNTS][severity] = math.max(0, claim[C_COUNTS][severity] - 1) end
    release_period(claim, push)
  elseif claim[C_EPISODE] == 0 then
    -- The recovery is still owed: its episode is open again, and nothing suppresses the next firing.
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

-- A delivered push ends a row of dead ones.
local function reset_dead_row(endpoint, rec, period, now)
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

-- Counts a push as missed at one target: it died there and stands elsewhere, or (by = -1) turned out to stand nowhere. A
-- recovery is not sent to a target that missed all pushes of the episode. A recovery that is owed from before is owed to
-- every target.
local function note_missed(endpoint, rec, target, by, period, now)
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if not claim or claim[C_EPISODE] ~= rec[EPISODE] or claim[C_OWED] == 1 then return end
  claim[C_MISSED][target] = (claim[C_MISSED][target] or 0) + by
  save_claim(endpoint, rec[KEY], claim, period)
end

-- Notes the fallback endpoint that takes over a push of the open episode.
local function note_via(endpoint, rec, via, period, now)
  local claim = load_claim(endpoint, rec[KEY], period, now)
  if not claim or claim[C_EPISODE] ~= rec[EPISODE] then return end
  claim[C_VIA] = via
  save_claim(endpoint, rec[KEY], claim, period)
end

-- needs: record, claim-store
-- Changes of a claim when its pushes end.

-- Undoes the effect of a push that reached nobody on its claim. `dead` pushes in a row stretch the time to the next.
local function give_back(endpoint, rec, push, period, now, dead)
  local claim = load_claim(endpoint, rec[R.key], period, now) or no_claim(now)
  local severity = rec[R.severity]
  local own = claim[C.episode] == rec[R.episode]
  if severity > 0 then
    if own then claim[C.counts][severity] = math.max(0, claim[C.counts][severity] - 1) end
    release_period(claim, push)
  elseif claim[C.episode] == 0 then
    -- The recovery is still owed: its episode is open again, and nothing suppresses the next firing.
    claim[C.episode], claim[C.owed] = rec[R.episode], 1
  end
  claim[C.suppressed] = claim[C.suppressed] + rec[R.suppressed]
  if dead then
    claim[C.dead] = claim[C.dead] + 1
    if claim[C.dead] > 1 then
      claim[C.notBefore] = now + math.min(period, 60000 * 2 ^ math.min(claim[C.dead] - 2, 20))
    end
  end
  save_claim(endpoint, rec[R.key], claim, period)
end

-- A delivered push ends a row of dead ones.
local function reset_dead_row(endpoint, rec, period, now)
  if not entries[endpoint .. ':' .. rec[R.key]] then
    local packed = find_claim(endpoint, rec[R.key])
    if not packed or is_usual(packed) then return end
  end
  local claim = load_claim(endpoint, rec[R.key], period, now)
  if claim and claim[C.dead] > 0 then
    claim[C.dead], claim[C.notBefore] = 0, 0
    save_claim(endpoint, rec[R.key], claim, period)
  end
end

-- Counts a push as missed at one target: it died there and stands elsewhere, or (by = -1) turned out to stand
-- nowhere. A recovery is not sent to a target that missed all pushes of the episode. A recovery that is owed from
-- before is owed to every target.
local function note_missed(endpoint, rec, target, by, period, now)
  local claim = load_claim(endpoint, rec[R.key], period, now)
  if not claim or claim[C.episode] ~= rec[R.episode] or claim[C.owed] == 1 then return end
  claim[C.missed][target] = (claim[C.missed][target] or 0) + by
  save_claim(endpoint, rec[R.key], claim, period)
end

-- Notes the fallback endpoint that takes over a push of the open episode.
local function note_via(endpoint, rec, via, period, now)
  local claim = load_claim(endpoint, rec[R.key], period, now)
  if not claim or claim[C.episode] ~= rec[R.episode] then return end
  claim[C.via] = via
  save_claim(endpoint, rec[R.key], claim, period)
end

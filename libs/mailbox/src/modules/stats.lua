-- Numbers of the last minute, hour and day of each endpoint, for people who look at it. Counters in slots, that vanish
-- by themselves:
--   <p>stat:<endpoint>:<unit>:<slot>  hash  what (delivered | suppressed | retried | dead | cancelled) -> how many

-- Unit, length of a slot, and of all slots that are added up (ms). One slot more is kept and added than the time has, so
-- that the sum never lacks what came at its beginning.
local STAT_UNITS = { { 'm', 10000, 60000 }, { 'h', 300000, 3600000 }, { 'd', 3600000, 86400000 } }

local function stat_key(endpoint, unit, slot) return PREFIX .. 'stat:' .. endpoint .. ':' .. unit .. ':' .. slot end

-- Like the ledger, numbers are summed up and written once, at the end of a script.
local tallied = {}
local function tally(endpoint, what, by)
  local whats = tallied[endpoint] or {}
  tallied[endpoint] = whats
  whats[what] = (whats[what] or 0) + by
end

local function write_tallies(now)
  for endpoint, whats in pairs(tallied) do
    for what, by in pairs(whats) do
      for _, unit in ipairs(STAT_UNITS) do
        local key = stat_key(endpoint, unit[1], math.floor(now / unit[2]))
        -- The first of its kind in a slot; setting the end of the slot again for each would double the cost.
        if by > 0 and redis.call('HINCRBY', key, what, by) == by then
          redis.call('PEXPIRE', key, unit[3] + 2 * unit[2])
        end
      end
    end
  end
end

-- needs: shard
-- Statistics of each endpoint for the last minute, hour and day: counters in time slots, which expire by themselves.

-- Unit, length of a slot, and of the time that is added up (ms). One slot more is stored and added, so that the sum
-- never lacks the beginning of the time.
local STAT_UNITS = { { 'm', 10000, 60000 }, { 'h', 300000, 3600000 }, { 'd', 3600000, 86400000 } }

local function stat_key(endpoint, unit, slot) return PREFIX .. keys.stat .. endpoint .. ':' .. unit .. ':' .. slot end

-- Counts are summed up and written once, at the end of a script, as those of the ledger.
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
        -- Only the first count of its kind in a slot sets the expiry, which halves the cost.
        if by > 0 and redis.call('HINCRBY', key, what, by) == by then
          redis.call('PEXPIRE', key, unit[3] + 2 * unit[2])
        end
      end
    end
  end
end

-- A reporter, which is one API key. KEYS 1 is its hash:
--   voice     until when its last report holds
--   held      since when alerts are held; also the name of the outage
--   edge      until when expiring alerts belong to the outage
--   through   alerts that end no later are held
--   told      the outage whose nodata event was taken in
--   over      an outage that has ended and whose recovery was not taken in yet
--   base      when it ended
--   again     alerts that end no later still have to be moved to the set of those that expire one by one
-- Beside it two sorted sets of alert ids by their ends, and a hash of their summaries. All times are of the expiry
-- clock.

local REPORTER, SUMMARIES = KEYS[1], KEYS[1] .. ':leases'
-- Current alerts; and alerts that were held and have not been repeated since the outage ended.
local ENDS, AGAIN = KEYS[1] .. ':ends', KEYS[1] .. ':again'
local clock_text = args.clock
local clock = tonumber(clock_text)

-- The fraction of a score is the length for which the alert was reported to fire, in seconds, at most 300.
local LENGTH_UNIT = 512

local function text(number)
  return string.format('%.0f', number)
end

-- Scores of alerts that end no later than a time.
local function up_to(time)
  return '(' .. text(time + 1)
end

local function drop(ids)
  if #ids == 0 then return end
  redis.call('ZREM', ENDS, unpack(ids))
  redis.call('ZREM', AGAIN, unpack(ids))
  redis.call('HDEL', SUMMARIES, unpack(ids))
end

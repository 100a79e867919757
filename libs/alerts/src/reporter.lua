-- What every script of a source begins with. A source is one API key; KEYS 1 is its hash:
--   voice     until when what it said last holds
--   held      since when leases are held, which is also the name of the silence
--   edge      until when leases that end belong to it
--   through   leases that end no later are held
--   told      the silence of which the nodata event was taken in
--   over      a silence that has ended and of which nobody has been told yet
--   base      when it ended
--   again     leases that end no later have to be moved to where they run out by themselves
-- Beside it two sorted sets of lease ids by their ends, and a hash of what each is about. All times are of the lease clock.
--   ARGV 1 what the clock shows

local SOURCE, LEASES = KEYS[1], KEYS[1] .. ':leases'
-- Those that the source keeps up, and those that were held and have not been repeated since the source spoke again.
local ENDS, AGAIN = KEYS[1] .. ':ends', KEYS[1] .. ':again'
local clock = tonumber(ARGV[1])

-- In the fraction of a score stands the length of the lease, in seconds, at most 300.
local LENGTH_UNIT = 512

local function text(number)
  return string.format('%.0f', number)
end

-- Scores of leases that end no later than a time.
local function up_to(time)
  return '(' .. text(time + 1)
end

local function drop(ids)
  if #ids == 0 then return end
  redis.call('ZREM', ENDS, unpack(ids))
  redis.call('ZREM', AGAIN, unpack(ids))
  redis.call('HDEL', LEASES, unpack(ids))
end

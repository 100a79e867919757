-- Deliveries of a mailbox, whether they were tried or not. Reads only.
--   ARGV 1 prefix, 2 time, 3 target, 4 cursor ("0" at first), 5 about how many to look at
-- Answers { next cursor ("0": that was all), deliveries }; a delivery is { id, event, created, attempts, whether it is
-- being sent (1) }.

local b = box(ARGV[3])
local reply = redis.call('HSCAN', b .. ':rec', ARGV[4], 'COUNT', ARGV[5])
local found = {}
for i = 1, #reply[2], 2 do
  local id, rec = reply[2][i], cmsgpack.unpack(reply[2][i + 1])
  found[#found + 1] = {
    id, rec[EVENT], rec[CREATED], rec[ATTEMPTS], redis.call('ZSCORE', b .. ':fly', id) and 1 or 0,
  }
end
return { reply[1], found }

-- Deliveries of a mailbox that were not tried yet and are not being sent. Reads only.
--   ARGV 1 prefix, 2 time, 3 target, 4 cursor ("0" at first), 5 about how many to look at
-- Answers { next cursor ("0": that was all), portions }; a portion is { the cursor it begins at, deliveries }, small, so
-- that a page may end within one; a delivery is { id, event, created, when it may go or 0 }.

local b = box(ARGV[3])
local cursor, looked, portions = ARGV[4], 0, {}

local function waiting(id, packed)
  local rec = cmsgpack.unpack(packed)
  if rec[ATTEMPTS] > 0 or redis.call('ZSCORE', b .. ':fly', id) then return nil end
  local at = redis.call('ZSCORE', b .. ':later', id) or redis.call('ZSCORE', b .. ':due', id)
  return { id, rec[EVENT], rec[CREATED], math.floor(tonumber(at) or 0) }
end

repeat
  local from = cursor
  local reply = redis.call('HSCAN', b .. ':rec', cursor, 'COUNT', 1)
  cursor = reply[1]
  local found = {}
  for i = 1, #reply[2], 2 do
    looked = looked + 1
    found[#found + 1] = waiting(reply[2][i], reply[2][i + 1])
  end
  if #found > 0 then portions[#portions + 1] = { from, found } end
until cursor == '0' or looked >= tonumber(ARGV[5])
return { cursor, portions }

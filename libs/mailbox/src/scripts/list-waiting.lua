-- needs: record
-- Lists deliveries of a mailbox that have had no attempt and are not in flight, from a cursor on. They come in small
-- portions, each with the cursor that it begins at, so that a page may end between two of them.

enter(args.prefix)
local mailbox = mailbox_of(args.target)
local cursor, looked, portions = args.cursor, 0, {}

local function waiting(id, packed)
  local rec = cmsgpack.unpack(packed)
  if rec[R.attempts] > 0 or redis.call('ZSCORE', mailbox .. keys.inFlight, id) then return nil end
  local at = redis.call('ZSCORE', mailbox .. keys.later, id) or redis.call('ZSCORE', mailbox .. keys.due, id)
  return answers.delivery {
    id = id, event = rec[R.event], createdAt = rec[R.created], nextAt = math.floor(tonumber(at) or 0),
  }
end

repeat
  local from = cursor
  local reply = redis.call('HSCAN', mailbox .. keys.records, cursor, 'COUNT', 1)
  cursor = reply[1]
  local found = {}
  for i = 1, #reply[2], 2 do
    looked = looked + 1
    found[#found + 1] = waiting(reply[2][i], reply[2][i + 1])
  end
  if #found > 0 then portions[#portions + 1] = answers.portion { cursor = from, deliveries = found } end
until cursor == '0' or looked >= args.most
return answers.page { cursor = cursor, portions = portions }

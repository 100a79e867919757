-- needs: record
-- Lists deliveries of a mailbox, from a cursor on.

enter(args.prefix)
local mailbox = mailbox_of(args.target)
local reply = redis.call('HSCAN', mailbox .. keys.records, args.cursor, 'COUNT', args.most)
local found = {}
for i = 1, #reply[2], 2 do
  local id, rec = reply[2][i], cmsgpack.unpack(reply[2][i + 1])
  found[#found + 1] = answers.delivery {
    id = id, event = rec[R.event], createdAt = rec[R.created], attempts = rec[R.attempts],
    inFlight = redis.call('ZSCORE', mailbox .. keys.inFlight, id) and true or false,
  }
end
return answers.page { cursor = reply[1], deliveries = found }

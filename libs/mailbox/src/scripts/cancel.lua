-- needs: mailbox, close
-- Cancels deliveries that wait at a target. Those in flight cannot be recalled.

enter(args.prefix)
local channel, target = args.channel, args.target
now, endpoint_info, endpoint = clock(args.now), endpoint_info_of(target, args.endpointInfo), endpoint_of(target)
period, fallback = args.pushPeriodMs, ''
local mailbox = mailbox_of(target)

-- Removes a delivery from the list that it waits in. Answers nil where it is in flight, else whether it is the head
-- of its key.
local function take_out(id, rec)
  if redis.call('ZSCORE', mailbox .. keys.inFlight, id) then return nil end
  -- A replay that waits for its time is not lined up yet.
  if redis.call('ZREM', mailbox .. keys.later, id) == 1 then
    redis.call('LREM', mailbox .. keys.laterOfKey .. rec[R.key], 1, id)
    return false
  end
  if redis.call('ZREM', mailbox .. keys.due, id) == 1 then return true end
  if redis.call('ZREM', mailbox .. keys.resumed, id) == 1 then return true end
  if redis.call('LREM', mailbox .. keys.chain .. rec[R.key], 1, id) == 1 then
    redis.call('HINCRBY', mailbox .. keys.turn, 'chained', -1)
    if rec[R.severity] == 0 then redis.call('HDEL', mailbox .. keys.recoveries, rec[R.episode]) end
    return false
  end
  -- It is ready. The search in a long list would take long: its id stays, and take skips it.
  redis.call('HINCRBY', mailbox .. keys.turn, 'stale', 1)
  return true
end

local cancelled_ids = {}
for i = ids.first, ids.last do
  local id = ids[i]
  local rec = load_record(target, id)
  local head = nil
  if rec then head = take_out(id, rec) end
  if head ~= nil then
    cancelled_ids[#cancelled_ids + 1] = id
    local good = rec[R.maybe] == 1
    book_out(id, rec, target, statuses.cancelled, { 'reason', args.reason }, good, false, false)
    if head then advance(target, rec[R.key]) end
  end
end
write_claims(now)
write_tallies(now)
write_ledger()

local turn = redis.call('HGET', mailbox .. keys.turn, 'state')
if redis.call('HLEN', mailbox .. keys.records) == 0 then
  leave(channel, target, turn)
  return answers.cancelled { wakes = {}, ids = cancelled_ids }
end
local ready = redis.call('LLEN', mailbox .. keys.ready) > 0
return answers.cancelled { wakes = ready and { wake(channel, target, now) } or {}, ids = cancelled_ids }

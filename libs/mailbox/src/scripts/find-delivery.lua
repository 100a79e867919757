-- needs: record
-- Finds a pending delivery in the mailboxes of its shard.

enter(args.prefix)
local id = args.id
for _, member in ipairs(redis.call('ZRANGE', TURNS, 0, -1)) do
  local channel, target = parse_member(member)
  local rec = load_record(target, id)
  if rec then
    local mailbox = mailbox_of(target)
    local at = redis.call('ZSCORE', mailbox .. keys.due, id) or redis.call('ZSCORE', mailbox .. keys.later, id)
    return answers.delivery {
      channel = channel, target = target, endpointInfo = redis.call('HGET', mailbox .. keys.turn, 'about') or '',
      event = rec[R.event], createdAt = rec[R.created], attempts = rec[R.attempts],
      nextAt = math.floor(tonumber(at) or 0),
      inFlight = redis.call('ZSCORE', mailbox .. keys.inFlight, id) and true or false,
    }
  end
end
return {}

-- needs: mailbox, push
-- Accepts a dead delivery at its fallback endpoint, once a push, at however many targets the push dies. Repeated it
-- changes nothing. Answers the wakes.

-- A push is remembered for this time, in which workers may repeat the call.
local ACCEPTED_MS = 6 * 3600 * 1000
-- A recovery is delivered here regardless of its firings, so it counts as having many that stand.
local LIVE_ALWAYS = 1000000

enter(args.prefix)
local channel, push = args.channel, args.push
local now, severity, total = clock(args.now), args.severity, targets.count
local accepted = PREFIX .. keys.accepted .. args.deadPush
if redis.call('EXISTS', accepted) == 1 then return {} end

if total > 1 then open_push(push, total) end
local wakes, n = {}, 0
for i = targets.first, targets.last, targets.step do
  n = n + 1
  local target, id = args.endpoint .. '.' .. targets[i].id, total == 1 and push or push .. deliveryIds.targetMark .. n
  local ready = put(target, id, {
    args.event, args.key, args.episode, severity, now, args.suppressed, total == 1 and '' or push, total, 0, 0, 0, 0,
    severity == 0 and LIVE_ALWAYS or 0, 0, args.born, args.origin,
  })
  redis.call('HSET', mailbox_of(target) .. keys.turn, 'about', targets[i].endpointInfo)
  if ready then wakes[#wakes + 1] = wake(channel, target, now) end
end
write_arrivals()
write_ledger()
redis.call('SET', accepted, 1, 'PX', ACCEPTED_MS)
return wakes

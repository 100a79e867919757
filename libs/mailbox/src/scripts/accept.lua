-- A fallback endpoint takes a delivery that died elsewhere: once a push, at however many targets it dies. Sent again it
-- changes nothing.
--   ARGV 1 prefix, 2 time, 3 channel, 4 fallback endpoint, 5 the push whose delivery died, 6 what its ids here begin with,
--        7 event, 8 key, 9 episode, 10 severity, 11 when the event came in, 12 suppressed, 13 origin (JSON or ""), then for
--        each target: id, about (JSON)
-- Answers the wakes.

local ACCEPTED_MS = 6 * 3600 * 1000
-- A recovery is told whatever became of its firings here: who heard of them may be somebody else by now.
local LIVE_ALWAYS = 1000000

local channel, endpoint, push = ARGV[3], ARGV[4], ARGV[6]
local now, severity, targets = clock(ARGV[2]), tonumber(ARGV[10]), (#ARGV - 13) / 2
if redis.call('EXISTS', PREFIX .. 'accepted:' .. ARGV[5]) == 1 then return {} end

if targets > 1 then redis.call('HSET', PREFIX .. 'push:' .. push, 'open', targets, 'good', 0) end
local wakes = {}
for i = 1, targets do
  local target, id = endpoint .. '.' .. ARGV[12 + 2 * i], targets == 1 and push or push .. '-' .. i
  local ready = put(target, id, {
    ARGV[7], ARGV[8], ARGV[9], severity, now, tonumber(ARGV[12]), targets == 1 and '' or push, targets, 0, 0, 0, 0,
    severity == 0 and LIVE_ALWAYS or 0, 0, tonumber(ARGV[11]), ARGV[13],
  })
  redis.call('HSET', box(target) .. ':turn', 'about', ARGV[13 + 2 * i])
  if ready then wakes[#wakes + 1] = wake(channel, target, now) end
end
write_arrivals()
write_ledger()
redis.call('SET', PREFIX .. 'accepted:' .. ARGV[5], 1, 'PX', ACCEPTED_MS)
return wakes

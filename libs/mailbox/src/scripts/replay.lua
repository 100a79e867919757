-- needs: mailbox, give-back
-- Puts ended deliveries into their mailbox again, as replays. Answers for each its new id or why there is none. A dry
-- run changes nothing, and needs no events.

-- Longer than any log is stored.
local COUNTED_MS = 366 * 24 * 3600 * 1000
-- Replays of a target are spaced by this time, 50 a second, so that they do not flood it.
local REPLAY_EVERY_MS = 20

enter(args.prefix)
local channel, target = args.channel, args.target
local now, endpoint, period = clock(args.now), endpoint_of(target), args.pushPeriodMs
local force, dry = args.force, args.dryRun
local mailbox = mailbox_of(target)

-- Whether the episode is open only because its recovery reached nobody.
local function is_owed(claim) return claim[C.owed] == 1 and standing_pushes(claim) == 0 end

-- Whether the reported state still holds: of a firing while its episode is open, of a recovery until the next firing
-- is pushed.
local function holds(claim, severity, episode)
  if severity > 0 then return claim and episode > 0 and claim[C.episode] == episode and not is_owed(claim) end
  return not claim or claim[C.episode] == 0 or standing_pushes(claim) == 0
end

-- Updates the claim: a replayed firing stands in its episode as any push, so that its recovery follows; a replayed
-- recovery is no longer owed.
local function claim_again(claim, id, key, episode, severity)
  if not claim or episode == 0 or claim[C.episode] ~= episode or (severity > 0 and is_owed(claim)) then return end
  if severity == 0 then
    if not is_owed(claim) then return end
    end_episode(claim)
  else
    claim[C.counts][severity] = claim[C.counts][severity] + 1
    hold_period(claim, id, severity, now)
  end
  save_claim(endpoint, key, claim, period)
end

local last = tonumber(redis.call('ZRANGE', mailbox .. keys.later, -1, -1, 'WITHSCORES')[2]) or 0
local function replay(base, logged, event, key, episode, severity, came)
  local counter = PREFIX .. keys.replays .. base
  local n = tonumber(redis.call('GET', counter)) or 0
  -- The end of the newest replay is not in the log yet.
  if n > logged then return replayRefusals.waiting end
  n = logged
  local newest = n > 0 and base .. deliveryIds.replayMark .. n or base
  if redis.call('HEXISTS', mailbox .. keys.records, newest) == 1 then return replayRefusals.waiting end
  local claim = load_claim(endpoint, key, period, now)
  if not force and not holds(claim, severity, episode) then return replayRefusals.ended end
  local id = base .. deliveryIds.replayMark .. (n + 1)
  if dry then return id end
  redis.call('SET', counter, n + 1, 'PX', COUNTED_MS)
  -- A delivery of no known episode has no claim to give back when it dies again.
  save_record(target, id, {
    event, key, episode, severity, now, 0, '', 1, 0, 0, 0, 0, severity == 0 and 1 or 0, 0, came,
    episode == 0 and '' or nil,
  })
  count_admitted()
  claim_again(claim, id, key, episode, severity)
  last = math.max(now, last + REPLAY_EVERY_MS)
  redis.call('ZADD', mailbox .. keys.later, last, id)
  redis.call('RPUSH', mailbox .. keys.laterOfKey .. key, id)
  return id
end

local results = {}
for i = items.first, items.last, items.step do
  results[#results + 1] = replay(
    items[i].baseId, items[i].lastReplay, items[i].event, items[i].key, items[i].episode, items[i].severity,
    items[i].cameAt
  )
end
if dry then return answers.replayed { wakes = {}, results = results } end
write_claims(now)
write_ledger()
if redis.call('ZCARD', mailbox .. keys.later) == 0 then return answers.replayed { wakes = {}, results = results } end
redis.call('HSET', mailbox .. keys.turn, 'about', args.endpointInfo)
return answers.replayed { wakes = { wake(channel, target, now) }, results = results }

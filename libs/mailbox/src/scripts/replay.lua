-- Puts deliveries that are over into their mailboxes once more.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 push period (ms), 6 about (JSON), 7 distance between replays (ms),
--        8 whether what no longer holds is told all the same (1), 9 whether it is only asked what would be done (1), then
--        for each: id of the first delivery, its highest replay in the log, event, key, episode, severity, when the event
--        came in
-- Answers { wakes, one for each: the new delivery's id, `waiting` (it or a replay of it is under way), or `ended` (it
-- tells of a state that is over) }. Who only asks needs not bring the events.

-- Longer than any log is kept.
local COUNTED_MS = 366 * 24 * 3600 * 1000

local channel, target = ARGV[3], ARGV[4]
local now, endpoint, period = clock(ARGV[2]), string.match(target, '^[^.]*'), tonumber(ARGV[5])
local distance, force, dry = tonumber(ARGV[7]), ARGV[8] == '1', ARGV[9] == '1'
local b = box(target)

-- An episode whose recovery reached nobody is open for that recovery's sake alone.
local function is_owed(claim) return claim[C_OWED] == 1 and standing(claim) == 0 end

-- A firing holds while its episode is open; a recovery until a firing has been told after it.
local function holds(claim, severity, episode)
  if severity > 0 then return claim and episode > 0 and claim[C_EPISODE] == episode and not is_owed(claim) end
  return not claim or claim[C_EPISODE] == 0 or standing(claim) == 0
end

-- A firing that is told again stands in its episode like any push: it wants its recovery. A recovery that is told again
-- is owed no more.
local function claim_again(claim, id, key, episode, severity)
  if not claim or episode == 0 or claim[C_EPISODE] ~= episode or (severity > 0 and is_owed(claim)) then return end
  if severity == 0 then
    if not is_owed(claim) then return end
    end_episode(claim)
  else
    claim[C_COUNTS][severity] = claim[C_COUNTS][severity] + 1
    hold(claim, id, severity, now)
  end
  save_claim(endpoint, key, claim, period)
end

local last = tonumber(redis.call('ZRANGE', b .. ':later', -1, -1, 'WITHSCORES')[2]) or 0
local function replay(base, logged, event, key, episode, severity, came)
  local counter = PREFIX .. 'replays:' .. base
  local n = tonumber(redis.call('GET', counter)) or 0
  -- What became of the newest replay is not in the log yet.
  if n > logged then return 'waiting' end
  n = logged
  local newest = n > 0 and base .. '_r' .. n or base
  if redis.call('HEXISTS', b .. ':rec', newest) == 1 then return 'waiting' end
  local claim = load_claim(endpoint, key, period, now)
  if not force and not holds(claim, severity, episode) then return 'ended' end
  local id = base .. '_r' .. (n + 1)
  if dry then return id end
  redis.call('SET', counter, n + 1, 'PX', COUNTED_MS)
  -- What is of no known episode has no claim to give back when it dies again.
  save_record(target, id, {
    event, key, episode, severity, now, 0, '', 1, 0, 0, 0, 0, severity == 0 and 1 or 0, 0, came,
    episode == 0 and '' or nil,
  })
  count_admitted()
  claim_again(claim, id, key, episode, severity)
  last = math.max(now, last + distance)
  redis.call('ZADD', b .. ':later', last, id)
  redis.call('RPUSH', b .. ':later:' .. key, id)
  return id
end

local answers = {}
for i = 10, #ARGV, 7 do
  answers[#answers + 1] = replay(
    ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3], tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5]),
    tonumber(ARGV[i + 6])
  )
end
if dry then return { {}, answers } end
write_claims(now)
write_ledger()
if redis.call('ZCARD', b .. ':later') == 0 then return { {}, answers } end
redis.call('HSET', b .. ':turn', 'about', ARGV[6])
return { { wake(channel, target, now) }, answers }

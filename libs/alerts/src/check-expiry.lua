-- needs: reporter
-- Finds the next thing to do about the alerts of a reporter. Kinds of the answer:
--   outage over  an outage has ended; its recovery is to be taken in
--   outage       an outage has begun; its nodata event is to be taken in
--   expired      alerts have expired; their recoveries are to be taken in
--   more         there is more to do at once
--   wait         nothing is due before a time
--   empty        the reporter has no alerts

local resumed, GRACE, WINDOW, FEWEST, PORTION, HELD_MAX =
  args.resumed, args.graceMs, args.outageMs, args.alertsMin, args.portion, args.heldMsMax
local LENGTH_MAX = 300000
local known = redis.call('HMGET', REPORTER, 'over', 'held', 'edge', 'through', 'told', 'base', 'again', 'voice')
local over, held, reported = known[1], known[2], known[5]
local edge, through, base, again = tonumber(known[3]), tonumber(known[4]), tonumber(known[6]), tonumber(known[7])
local voice = tonumber(known[8] or 0)
-- The lowest score of the alerts that are not held.
local from = '-inf'

local function finding(kind, found)
  return answers.finding {
    kind = kind, outage = found.outage or '', held = found.held or 0, of = found.of or 0, waitUntil = found.waitUntil or 0,
    alerts = found.alerts or {},
  }
end

local function length_of(score)
  return (score - math.floor(score)) * LENGTH_UNIT * 1000
end

local function score_of(time, length)
  return string.format('%.17g', time + length / 1000 / LENGTH_UNIT)
end

local function some_of(set, low, high)
  return redis.call('ZRANGEBYSCORE', set, low, high, 'WITHSCORES', 'LIMIT', 0, PORTION)
end

-- The reporter reports again: alerts that it does not repeat expire after their own length, and make no new outage.
local function move_again(last, base)
  local ids, scores = {}, {}
  local some = some_of(ENDS, '-inf', up_to(last))
  for i = 1, #some, 2 do
    local score = tonumber(some[i + 1])
    local length = length_of(score)
    ids[#ids + 1] = some[i]
    scores[#scores + 1] = score_of(math.max(math.floor(score), base + length), length)
    scores[#scores + 1] = some[i]
  end
  if #ids == 0 then return redis.call('HDEL', REPORTER, 'again', 'base') end
  redis.call('ZREM', ENDS, unpack(ids))
  redis.call('ZADD', AGAIN, unpack(scores))
end

-- After a standstill each alert that was reported before it gets its own length again, so that its sender has time to
-- repeat it.
local function lengthen(set, low)
  if clock >= resumed + LENGTH_MAX + GRACE + WINDOW then return false end
  local some = some_of(set, low, up_to(clock + WINDOW))
  local longer = {}
  for i = 1, #some, 2 do
    local score = tonumber(some[i + 1])
    local length = length_of(score)
    if math.floor(score) < resumed + length then
      longer[#longer + 1] = score_of(resumed + length, length)
      longer[#longer + 1] = some[i]
    end
  end
  if #longer == 0 then return false end
  redis.call('ZADD', set, 'XX', unpack(longer))
  return #some == 2 * PORTION
end

local function first_of(set, low)
  local score = redis.call('ZRANGEBYSCORE', set, low, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  return score and math.floor(tonumber(score))
end

-- Until the grace after an end is over. In an outage the next check is due at once: it may end at any moment.
local function wait(ending)
  return finding('wait', { waitUntil = held and clock_text or text(ending + GRACE) })
end

local function expired(set, low)
  local due = some_of(set, low, up_to(clock - GRACE))
  local alerts = {}
  for i = 1, #due, 2 do
    alerts[#alerts + 1] = answers.alert {
      id = due[i], score = due[i + 1], summary = redis.call('HGET', SUMMARIES, due[i]) or '',
    }
  end
  return finding('expired', { alerts = alerts })
end

if over then return finding('outage over', { outage = over }) end
if again then
  move_again(again, base)
  return finding('more', {})
end

if held and clock - tonumber(held) > HELD_MAX then
  local gone = redis.call('ZRANGEBYSCORE', ENDS, '-inf', up_to(through), 'LIMIT', 0, PORTION)
  drop(gone)
  if #gone == 0 then redis.call('HDEL', REPORTER, 'held', 'edge', 'through', 'told') end
  return finding('more', {})
end
if held then
  -- A reporter that reports nothing at all does not repeat alerts that end later either.
  through = math.max(through, voice < clock and clock or math.min(clock, edge))
  redis.call('HSET', REPORTER, 'through', text(through))
  if reported ~= held then
    return finding('outage', {
      outage = held, held = redis.call('ZCOUNT', ENDS, '-inf', up_to(through)), of = redis.call('ZCARD', ENDS),
    })
  end
  from = text(through + 1)
end

local more = lengthen(ENDS, from)
if lengthen(AGAIN, '-inf') or more then return finding('more', {}) end

local alone = first_of(AGAIN, '-inf')
if alone and clock >= alone + GRACE then return expired(AGAIN, '-inf') end
local first = first_of(ENDS, from)
if not first then
  if alone or held then return wait(alone) end
  redis.call('DEL', REPORTER)
  return finding('empty', {})
end
if clock < first + GRACE then return wait(math.min(first, alone or first)) end

-- An outage is judged by all alerts that expire within its time, which begins with the first of them.
edge = first + WINDOW
local current = redis.call('ZCOUNT', ENDS, from, '+inf')
local function is_outage(last)
  local alerts = redis.call('ZCOUNT', ENDS, from, up_to(last))
  return alerts >= FEWEST and 2 * alerts > current
end

local now = math.min(clock, edge)
if is_outage(now) then
  redis.call('HSET', REPORTER, 'held', held or clock_text, 'edge', text(edge), 'through', text(now))
  return finding('more', {})
end
-- While it may still become one, none of them recovers.
if clock < edge and is_outage(edge) then return finding('wait', { waitUntil = clock_text }) end
return expired(ENDS, from)

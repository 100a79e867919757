-- Looks what has become of the leases of a source.
--   ARGV 2 when the clock last began to move again, 3 the grace, 4 within how long a silence shows, 5 the fewest leases of
--        a silence, 6 how many leases at once, 7 for how long leases are held
-- Answers one of
--   { 'over', silence }                           it is over, and somebody has to be told
--   { 'silent', silence, how many, of how many }  so many leases are held, and somebody has to be told
--   { 'due', id, score, about … }                 they have run out
--   { 'more' }                                    there is more to do at once
--   { 'wait', until }                             nothing happens before
--   { 'empty' }                                   it has no leases

local resumed, GRACE, WINDOW, FEWEST, PORTION, HELD_MAX =
  tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local LENGTH_MAX = 300000
local known = redis.call('HMGET', SOURCE, 'over', 'held', 'edge', 'through', 'told', 'base', 'again', 'voice')
local over, held, told = known[1], known[2], known[5]
local edge, through, base, again = tonumber(known[3]), tonumber(known[4]), tonumber(known[6]), tonumber(known[7])
local voice = tonumber(known[8] or 0)
-- The lowest score of the leases that are not held.
local from = '-inf'

local function length_of(score)
  return (score - math.floor(score)) * LENGTH_UNIT * 1000
end

local function score_of(time, length)
  return string.format('%.17g', time + length / 1000 / LENGTH_UNIT)
end

local function some_of(set, low, high)
  return redis.call('ZRANGEBYSCORE', set, low, high, 'WITHSCORES', 'LIMIT', 0, PORTION)
end

-- The source has spoken again: what it does not repeat runs out after its own length, and is no silence any more.
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
  if #ids == 0 then return redis.call('HDEL', SOURCE, 'again', 'base') end
  redis.call('ZREM', ENDS, unpack(ids))
  redis.call('ZADD', AGAIN, unpack(scores))
end

-- After a standstill each lease that was kept before it has its own length once more: so long every sender that is
-- there has time to repeat it.
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

-- Until the grace after an end is over; that a silent source speaks again is noticed at any moment.
local function wait(ending)
  return { 'wait', held and ARGV[1] or text(ending + GRACE) }
end

local function run_out(set, low)
  local due = some_of(set, low, up_to(clock - GRACE))
  local answer = { 'due' }
  for i = 1, #due, 2 do
    answer[#answer + 1], answer[#answer + 2] = due[i], due[i + 1]
    answer[#answer + 1] = redis.call('HGET', LEASES, due[i]) or ''
  end
  return answer
end

if over then return { 'over', over } end
if again then
  move_again(again, base)
  return { 'more' }
end

if held and clock - tonumber(held) > HELD_MAX then
  local gone = redis.call('ZRANGEBYSCORE', ENDS, '-inf', up_to(through), 'LIMIT', 0, PORTION)
  drop(gone)
  if #gone == 0 then redis.call('HDEL', SOURCE, 'held', 'edge', 'through', 'told') end
  return { 'more' }
end
if held then
  -- Who says nothing at all repeats nothing that ends later either.
  through = math.max(through, voice < clock and clock or math.min(clock, edge))
  redis.call('HSET', SOURCE, 'through', text(through))
  if told ~= held then
    return { 'silent', held, redis.call('ZCOUNT', ENDS, '-inf', up_to(through)), redis.call('ZCARD', ENDS) }
  end
  from = text(through + 1)
end

local more = lengthen(ENDS, from)
if lengthen(AGAIN, '-inf') or more then return { 'more' } end

local alone = first_of(AGAIN, '-inf')
if alone and clock >= alone + GRACE then return run_out(AGAIN, '-inf') end
local first = first_of(ENDS, from)
if not first then
  if alone or held then return wait(alone) end
  redis.call('DEL', SOURCE)
  return { 'empty' }
end
if clock < first + GRACE then return wait(math.min(first, alone or first)) end

-- A silence is judged by all that run out within its time, which begins with the first of them.
edge = first + WINDOW
local kept = redis.call('ZCOUNT', ENDS, from, '+inf')
local function is_silence(last)
  local leases = redis.call('ZCOUNT', ENDS, from, up_to(last))
  return leases >= FEWEST and 2 * leases > kept
end

local now = math.min(clock, edge)
if is_silence(now) then
  redis.call('HSET', SOURCE, 'held', held or ARGV[1], 'edge', text(edge), 'through', text(now))
  return { 'more' }
end
-- As long as it may become one, none of them recovers.
if clock < edge and is_silence(edge) then return { 'wait', ARGV[1] } end
return run_out(ENDS, from)

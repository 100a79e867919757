-- A turn takes deliveries out of a mailbox.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 job, 6 most to take, 7 most in flight at the target,
--        8 lease (ms), 9 how long the turn may be silent (ms), 10 token, 11 about (JSON, or empty)
-- A call that is sent again with the token of the last one, because its answer was lost, gets the same answer.
-- Answers false when the turn is not this job's, else the taken: id, event, age (ms), suppressed, attempt, failures, and
-- 1 for one that took its worker with it when it was in the air alone.

local now = clock(ARGV[2])
local channel, target, job, token = ARGV[3], ARGV[4], ARGV[5], ARGV[10]
local about = about_of(target, ARGV[11])
local lease = tonumber(ARGV[8])
-- So many lost turns in a row are no accident; after so many more each has one delivery in the air.
local LOST_TURNS, LOST_TURNS_ALONE = 3, 9
local b = box(target)

local turn = redis.call('HMGET', b .. ':turn', 'job', 'token', 'ids', 'lost')
if turn[1] ~= job then return false end
redis.call('ZADD', TURNS, now + tonumber(ARGV[9]), channel .. '/' .. target)
redis.call('HSET', b .. ':turn', 'state', 'running')

local function answer(ids, doomed)
  local taken = {}
  for _, id in ipairs(ids) do
    local rec = load_record(target, id)
    if rec then
      taken[#taken + 1] = { id, rec[EVENT], now - rec[CREATED], rec[SUPPRESSED], rec[ATTEMPTS] + 1, rec[FAILURES], id == doomed and 1 or 0 }
    end
  end
  return taken
end

if turn[2] == token then
  local ids = {}
  for id in string.gmatch(turn[3], '%S+') do
    if redis.call('ZSCORE', b .. ':fly', id) then ids[#ids + 1] = id end
  end
  return answer(ids)
end

-- A lease that has run out: its worker is gone, and whether the message arrived nobody knows.
local lost = redis.call('ZRANGEBYSCORE', b .. ':fly', '-inf', now, 'LIMIT', 0, 200)
for i = #lost, 1, -1 do
  local id = lost[i]
  local until_ = tonumber(redis.call('ZSCORE', b .. ':fly', id))
  redis.call('ZREM', b .. ':fly', id)
  local rec = load_record(target, id)
  if rec then
    rec[ATTEMPTS], rec[FAILURES], rec[MAYBE] = rec[ATTEMPTS] + 1, rec[FAILURES] + 1, 1
    local attempt = cjson.encode({
      n = rec[ATTEMPTS], startedAt = until_ - lease, durationMs = lease, outcome = 'unknown', code = 'LOST',
      message = 'the worker ended before it could tell what happened',
    })
    emit(id, rec, 'retrying', about, now, { 'attempt', attempt, 'next', now })
    save_record(target, id, rec)
    redis.call('LPUSH', b .. ':ready', id)
  end
end

local function make_ready(from, ids)
  for i = #ids, 1, -1 do
    redis.call('ZREM', b .. from, ids[i])
    redis.call('LPUSH', b .. ':ready', ids[i])
  end
end
make_ready(':due', redis.call('ZRANGEBYSCORE', b .. ':due', '-inf', now, 'LIMIT', 0, 200))
make_ready(':roused', redis.call('ZRANGE', b .. ':roused', 0, 199))

-- Turns that are lost again and again, with nothing settled between, take fewer and fewer, until the delivery that ends
-- its workers is found alone.
local lost_turns, most = tonumber(turn[4] or 0), tonumber(ARGV[7])
if #lost > 0 then lost_turns = redis.call('HINCRBY', b .. ':turn', 'lost', 1) end
if lost_turns >= LOST_TURNS then most = math.max(1, math.floor(most / 2 ^ (lost_turns - LOST_TURNS + 1))) end
local doomed = #lost == 1 and lost_turns > LOST_TURNS_ALONE and lost[1]

local room = math.min(tonumber(ARGV[6]), most - redis.call('ZCARD', b .. ':fly'))
local ids = {}
while #ids < room do
  local id = redis.call('LPOP', b .. ':ready')
  if not id then break end
  redis.call('ZADD', b .. ':fly', now + lease, id)
  ids[#ids + 1] = id
end
redis.call('HSET', b .. ':turn', 'token', token, 'ids', table.concat(ids, ' '))
return answer(ids, doomed)

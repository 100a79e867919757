-- A turn takes deliveries out of a mailbox, and ends those on the way that are not to be sent any more.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 job, 6 most to take, 7 push period (ms), 8 lease (ms),
--        9 how long the turn may be silent (ms), 10 token, 11 about (JSON, or empty), 12 expire after (ms),
--        13 whether the endpoint is closed (1: everything is taken, to be cancelled), 14 fallback endpoint (or empty),
--        15 above how many that could go a digest is taken (0: never), 16 most to take for one
-- A call that is sent again with the token of the last one, because its answer was lost, gets the same answer.
-- Answers false when the turn is not this job's, else { taken, more to look at at once, state of the target, most in
-- flight there, 1 where it is one digest }; taken: id, event, age (ms), suppressed, attempt, failures, delay since the event came in (ms), 1 for one
-- that took its worker with it when it was in the air alone, episode, the push that it follows or "", and who took it or not
-- earlier or "", what the provider knows the episode's first message by or "", 1 for what is told in the digest but stands
-- behind another of its key: it has no lease, and nothing becomes of it unless the digest is delivered.

local channel, target, job, token = ARGV[3], ARGV[4], ARGV[5], ARGV[10]
now, about, endpoint = clock(ARGV[2]), about_of(target, ARGV[11]), string.match(target, '^[^.]*')
period, fallback = tonumber(ARGV[7]), ARGV[14]
local lease, expire_after = tonumber(ARGV[8]), tonumber(ARGV[12])
local closed = ARGV[13] == '1'
-- A delivery that has waited so long for its target could not be delivered, though it was never tried.
local SUPERSEDED_AFTER_MS = 10000
-- What a call moves or ends; the rest waits for the next, so that none takes long.
local MOVE_MAX, END_MAX = 200, 200
local b = box(target)

local turn = redis.call('HMGET', b .. ':turn', 'job', 'token', 'ids')
if turn[1] ~= job then return false end
redis.call('ZADD', TURNS, now + tonumber(ARGV[9]), channel .. '/' .. target)
redis.call('HSET', b .. ':turn', 'state', 'running')
local health = load_health(target)
local room, more = 0, 0

local function shown(id, rec, doomed, behind)
  return {
    id, rec[EVENT], now - rec[CREATED], rec[SUPPRESSED], rec[ATTEMPTS] + 1, rec[FAILURES], now - born(rec),
    id == doomed and 1 or 0, rec[EPISODE], rec[FOLLOWS] or '', rec[EARLIER] or '', receipts.of(target, rec), behind and 1 or 0,
  }
end

local function answer(taken) return { taken, more, standing_of(health), flights_max(health), digest.on and 1 or 0 } end

if turn[2] == token then
  local taken = {}
  digest.on = string.sub(turn[3], 1, 7) == 'digest '
  for id in string.gmatch(turn[3], '%S+') do
    local rec = redis.call('ZSCORE', b .. ':fly', id) and load_record(target, id)
    if rec then taken[#taken + 1] = shown(id, rec) end
  end
  return answer(taken)
end

-- A lease that has run out: its worker is gone, and whether the message arrived nobody knows.
local lost = redis.call('ZRANGEBYSCORE', b .. ':fly', '-inf', now, 'LIMIT', 0, MOVE_MAX)
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
    tally(endpoint, 'retried', 1)
    emit(id, rec, target, 'retrying', about, now, { 'attempt', attempt, 'next', now })
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
local until_now = closed and '+inf' or now
make_ready(':due', redis.call('ZRANGEBYSCORE', b .. ':due', '-inf', until_now, 'LIMIT', 0, MOVE_MAX))
make_ready(':roused', redis.call('ZRANGE', b .. ':roused', 0, MOVE_MAX - 1))
for _, id in ipairs(redis.call('ZRANGEBYSCORE', b .. ':later', '-inf', until_now, 'LIMIT', 0, MOVE_MAX)) do
  redis.call('ZREM', b .. ':later', id)
  local rec = load_record(target, id)
  if rec then
    redis.call('LREM', b .. ':later:' .. rec[KEY], 1, id)
    line_up(target, id, rec)
  end
end
write_arrivals()

if #lost > 0 then health.lost = redis.call('HINCRBY', b .. ':turn', 'lost', 1) end
local lost_turns, most = health.lost, closed and MOVE_MAX or flights_max(health)
local doomed = #lost == 1 and lost_turns > LOST_TURNS_ALONE and lost[1]
local held, open = health.hold > now and not closed, health.trips > 0 and not closed
room = held and 0 or math.min(tonumber(ARGV[6]), most - redis.call('ZCARD', b .. ':fly'))

-- The newest of the key's deliveries that make this one old: what fires now is told, not what fired then.
local function newer_firing(rec)
  if period == 0 or rec[SEVERITY] == 0 or (rec[ATTEMPTS] == 0 and now - rec[CREATED] < SUPERSEDED_AFTER_MS) then return nil end
  local behind = redis.call('LRANGE', b .. ':chain:' .. rec[KEY], -2, -1)
  for i = #behind, 1, -1 do
    local newer = load_record(target, behind[i])
    if newer[SEVERITY] > 0 and born(newer) >= born(rec) then return behind[i], newer end
  end
end

-- While the credential or address is known to be refused, nothing waits for it that somebody else can be told.
local forsaken = held and fallback ~= '' and health.why == 'misconfigured'

-- Ends a delivery that is not to be sent any more; false where it is.
local function ended(id, rec)
  if closed then return false end
  if forsaken then
    words = redis.call('HGET', health_key(target), 'error') or ''
    close(id, rec, target, 'dead', {}, rec[MAYBE] == 1, true)
    return true
  end
  if now - rec[CREATED] > expire_after then
    close(id, rec, target, 'cancelled', { 'reason', 'expired' }, rec[MAYBE] == 1, true)
    return true
  end
  local newer_id, newer = newer_firing(rec)
  if not newer_id then return false end
  -- What some recipients took has told them.
  if not rec[EARLIER] then
    newer[SUPPRESSED], rec[SUPPRESSED] = newer[SUPPRESSED] + rec[SUPPRESSED], 0
    save_record(target, newer_id, newer)
  end
  close(id, rec, target, 'cancelled', { 'reason', 'superseded' }, rec[MAYBE] == 1, false)
  return true
end

-- Not while a target has yet to show that it is well, nor what may have ended a worker.
if not closed and not open and lost_turns == 0 then
  room = digest.start(b, tonumber(ARGV[15]), tonumber(ARGV[16]), room)
end

local taken, ids, keys, looked = {}, {}, {}, 0
local function show(id, rec, behind)
  taken[#taken + 1] = shown(id, rec, doomed, behind)
  digest.bytes = digest.bytes + #rec[EVENT]
end
local function fly(id, rec)
  ids[#ids + 1], keys[#keys + 1] = id, rec[KEY]
  show(id, rec)
end

-- Takes from one end of the ready list as many as there is room for.
local function take_ready(pop, push_back, most)
  while looked < END_MAX do
    -- What is behind them is looked at one by one: it may have to end as well.
    local some = redis.call(pop, b .. ':ready', math.max(1, math.min(most - #ids, END_MAX - looked)))
    if not some then return end
    local records = redis.call('HMGET', b .. ':rec', unpack(some))
    for i, id in ipairs(some) do
      local rec = records[i] and cmsgpack.unpack(records[i])
      if not rec then
        redis.call('HINCRBY', b .. ':turn', 'stale', -1)
        looked = looked + 1
      elseif ended(id, rec) then
        looked = looked + 1
      elseif #ids < most and digest.joins(rec, #ids) then
        fly(id, rec)
      else
        for back = #some, i, -1 do redis.call(push_back, b .. ':ready', some[back]) end
        return
      end
    end
  end
  more = 1
end

-- An open breaker lets one through, to see whether the target is back: the newest, since those that were tried before may
-- themselves be what it does not take; or else the next that waits for his next try.
local function take_probe()
  take_ready('RPOP', 'RPUSH', math.min(room, 1))
  if #ids > 0 then return end
  while #ids == 0 and more == 0 do
    local next_try = redis.call('ZRANGE', b .. ':due', 0, 0)[1]
    if not next_try then return end
    redis.call('ZREM', b .. ':due', next_try)
    local rec = load_record(target, next_try)
    if not ended(next_try, rec) then fly(next_try, rec) end
    looked = looked + 1
    if looked >= END_MAX then more = 1 end
  end
end

take_ready('LPOP', 'LPUSH', open and 0 or room)
if open and room > 0 then take_probe() end

digest.take_chains(target, keys, function(id, rec) show(id, rec, true) end)

if #ids > 0 then
  local leases = {}
  for i, id in ipairs(ids) do leases[2 * i - 1], leases[2 * i] = now + lease, id end
  redis.call('ZADD', b .. ':fly', unpack(leases))
end
redis.call('HSET', b .. ':turn', 'token', token, 'ids', (digest.on and 'digest ' or '') .. table.concat(ids, ' '))
write_claims(now)
write_tallies(now)
write_ledger()
return answer(taken)

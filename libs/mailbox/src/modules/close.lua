-- Ends deliveries for good, and lets the next of their keys go.

-- What the script is about, for it to fill in: the time, what the log says of the endpoint, its id, its push period (ms),
-- and its fallback endpoint or an empty text.
-- `words` is what the provider said of the delivery that ends.
local now, about, endpoint, period, fallback
local words = ''
local cancelled = 0

local HANDED = 'sent to the fallback endpoint'

-- A recovery that waits here for the firing follows it to the fallback endpoint.
local function send_recovery_after(rec, target)
  local id = redis.call('HGET', box(target) .. ':ends', rec[EPISODE])
  if not id then return end
  local recovery = load_record(target, id)
  recovery[VIA] = fallback
  save_record(target, id, recovery)
end

-- Whom to call in: the fallback endpoint, where a delivery dies; and for a recovery, whatever becomes of it here, the one
-- that told of its firing.
local function stand_in(rec, status, unfounded)
  local via = rec[SEVERITY] == 0 and not unfounded and rec[VIA]
  if via and via ~= 0 then return via end
  return status == 'dead' and fallback ~= '' and fallback or nil
end

-- A fallback endpoint lies in another shard, so a worker carries the delivery there. Where it did not die here there is
-- nothing to send back.
local function hand_over(id, rec, target, to, died)
  local push = rec[PUSH] == '' and id or rec[PUSH]
  local origin = rec[ORIGIN]
  if died and not origin then
    origin = cjson.encode({ endpoint, push, rec[KEY], rec[EPISODE], rec[SEVERITY], rec[SUPPRESSED] })
  end
  redis.call('XADD', PREFIX .. 'handover', '*', 'from', endpoint, 'to', to, 'words', words, 'push', push, 'id', id,
    'event', rec[EVENT], 'key', rec[KEY], 'episode', rec[EPISODE], 'severity', rec[SEVERITY], 'born', born(rec),
    'suppressed', rec[SUPPRESSED], 'origin', origin or '')
  if rec[SEVERITY] == 0 then return end
  note_via(endpoint, rec, to, period, now)
  send_recovery_after(rec, target)
end

-- Whose push it was learns what became of it here: `back` where nobody was told, else `done`.
local function report(rec, how)
  if rec[ORIGIN] and rec[ORIGIN] ~= '' then redis.call('XADD', PREFIX .. 'handover', '*', how, rec[ORIGIN]) end
end

-- The claim after the last of a push's deliveries is over, or after one that ended badly.
local function close_claim(id, rec, target, status, good, dead, unfounded, handed)
  local firing = rec[SEVERITY] > 0
  local over, any, push, others, died = count_off(id, rec, target, good, unfounded, handed)
  if over and any and not handed then report(rec, 'done') end
  if status == 'delivered' then
    keep(endpoint, rec, period, now)
  elseif over and not any and died then
    if firing then
      for _, other in ipairs(others) do note_missed(endpoint, rec, other, -1, period, now) end
    end
    if rec[ORIGIN] then report(rec, 'back') else give_back(endpoint, rec, push, period, now, dead) end
  end
  if not firing or good or handed or rec[ORIGIN] then return end
  if any or not over then note_missed(endpoint, rec, target, 1, period, now) end
  local recovery = redis.call('HGET', box(target) .. ':ends', rec[EPISODE])
  if recovery then
    local r = load_record(target, recovery)
    r[LIVE] = r[LIVE] - 1
    save_record(target, recovery, r)
  end
end

local function without(more, name)
  local rest = {}
  for i = 1, #more, 2 do
    if more[i] ~= name then rest[#rest + 1], rest[#rest + 2] = more[i], more[i + 1] end
  end
  return rest
end

-- Whom a delivery that some recipients took has not reached, as JSON.
local function unreached(rec)
  local partial = {}
  for _, list in ipairs(cjson.decode(rec[EARLIER])) do
    for _, recipient in ipairs(list) do partial[#partial + 1] = recipient end
  end
  return cjson.encode(partial)
end

-- Whatever ends a delivery that some recipients took: to them it was delivered.
local function delivered_to_some(rec, more)
  more = without(without(more, 'reason'), 'partial')
  more[#more + 1], more[#more + 2] = 'partial', unreached(rec)
  return more
end

-- Takes a delivery out of the books. A push that reached nobody gives back its claim, for longer when it is dead; one
-- that had nothing to tell (`unfounded`) has nothing to give back. Its key is not yet free.
local function book_out(id, rec, target, status, more, good, dead, unfounded)
  if rec[EARLIER] and status ~= 'delivered' then
    status, good, dead, more = 'delivered', true, false, delivered_to_some(rec, more)
  end
  redis.call('HDEL', box(target) .. ':rec', id)
  count(status, 1)
  count('pending', -1)
  tally(endpoint, status, 1)
  if status == 'delivered' then observe('latency', math.max(0, now - rec[CREATED])) end
  local to = stand_in(rec, status, unfounded)
  if to then
    hand_over(id, rec, target, to, status == 'dead')
    if status == 'dead' then more[#more + 1], more[#more + 2] = 'reason', HANDED end
  end
  emit(id, rec, target, status, about, now, more)
  close_claim(id, rec, target, status, good, dead, unfounded, to ~= nil and status == 'dead')
end

-- The key's next delivery may go; recoveries whose firings all died here have nothing to tell.
local function advance(target, key)
  local b = box(target)
  while true do
    local id = redis.call('LPOP', b .. ':chain:' .. key)
    if not id then
      make_free(target, key)
      return
    end
    redis.call('HINCRBY', b .. ':turn', 'chained', -1)
    local rec = load_record(target, id)
    if rec[SEVERITY] == 0 then redis.call('HDEL', b .. ':ends', rec[EPISODE]) end
    if rec[SEVERITY] > 0 or rec[LIVE] > 0 then
      redis.call('RPUSH', b .. ':ready', id)
      return
    end
    cancelled = cancelled + 1
    book_out(id, rec, target, 'cancelled', { 'reason', 'firing not delivered' }, false, false, true)
  end
end

-- Ends the delivery at the head of its key.
local function close(id, rec, target, status, more, good, dead)
  book_out(id, rec, target, status, more, good, dead, false)
  advance(target, rec[KEY])
end

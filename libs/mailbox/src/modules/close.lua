-- needs: mailbox, stats, give-back, outcome, push
-- Ends deliveries, and makes the next ones of their keys ready.

-- Set by the script: the time, the endpoint for the log (JSON), its id, its push period (ms), and its fallback
-- endpoint or an empty text. `words` are the provider's words on the delivery that ends.
local now, endpoint_info, endpoint, period, fallback
local words = ''
local cancelled = 0

local HANDED_OVER = 'sent to the fallback endpoint'

-- Sends the recovery that waits here for the firing after it, to the fallback endpoint.
local function send_recovery_after(rec, target)
  local id = redis.call('HGET', mailbox_of(target) .. keys.recoveries, rec[R.episode])
  if not id then return end
  local recovery = load_record(target, id)
  recovery[R.via] = fallback
  save_record(target, id, recovery)
end

-- The endpoint that takes over: the fallback endpoint where a delivery dies; for a recovery, however it ends here,
-- the endpoint that reported its firing.
local function successor(rec, status, unfounded)
  local via = rec[R.severity] == 0 and not unfounded and rec[R.via]
  if via and via ~= 0 then return via end
  return status == statuses.dead and fallback ~= '' and fallback or nil
end

-- Hands a delivery over to a fallback endpoint. That may lie in another shard, so a worker carries it there. A
-- delivery that did not die here has no origin to report to.
local function hand_over(id, rec, target, to, died)
  local push = rec[R.push] == '' and id or rec[R.push]
  local origin = rec[R.origin]
  if died and not origin then
    origin = cjson.encode({ endpoint, push, rec[R.key], rec[R.episode], rec[R.severity], rec[R.suppressed] })
  end
  redis.call('XADD', PREFIX .. keys.handovers, '*', 'from', endpoint, 'to', to, 'words', words, 'push', push, 'id', id,
    'event', rec[R.event], 'key', rec[R.key], 'episode', rec[R.episode], 'severity', rec[R.severity], 'born', born(rec),
    'suppressed', rec[R.suppressed], 'origin', origin or '')
  if rec[R.severity] == 0 then return end
  note_via(endpoint, rec, to, period, now)
  send_recovery_after(rec, target)
end

-- Reports the end of a push to the endpoint that it stands in for: `back` where it reached nobody, else `done`.
local function report(rec, how)
  if not rec[R.origin] or rec[R.origin] == '' then return end
  redis.call('XADD', PREFIX .. keys.handovers, '*', how, rec[R.origin])
end

-- Updates the claim after the last delivery of a push has ended, or after one that ended badly.
local function close_claim(id, rec, target, status, good, dead, unfounded, handed)
  local firing = rec[R.severity] > 0
  local over, any, push, others, died = count_off(id, rec, target, good, unfounded, handed)
  if over and any and not handed then report(rec, 'done') end
  if status == statuses.delivered then
    reset_dead_row(endpoint, rec, period, now)
  elseif over and not any and died then
    if firing then
      for _, other in ipairs(others) do note_missed(endpoint, rec, other, -1, period, now) end
    end
    if rec[R.origin] then report(rec, 'back') else give_back(endpoint, rec, push, period, now, dead) end
  end
  if not firing or good or handed or rec[R.origin] then return end
  if any or not over then note_missed(endpoint, rec, target, 1, period, now) end
  local recovery = redis.call('HGET', mailbox_of(target) .. keys.recoveries, rec[R.episode])
  if recovery then
    local r = load_record(target, recovery)
    r[R.live] = r[R.live] - 1
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

-- The recipients that a delivery has not reached, where some took it (JSON).
local function unreached(rec)
  local partial = {}
  for _, list in ipairs(cjson.decode(rec[R.earlier])) do
    for _, recipient in ipairs(list) do partial[#partial + 1] = recipient end
  end
  return cjson.encode(partial)
end

-- The end of a delivery that some recipients took: to them it was delivered.
local function delivered_to_some(rec, more)
  more = without(without(more, 'reason'), 'partial')
  more[#more + 1], more[#more + 2] = 'partial', unreached(rec)
  return more
end

-- Removes a delivery, and books its end. A push that reached nobody gives back its claim, with a longer pause when it
-- is dead; an `unfounded` recovery, whose firing was not delivered, has no claim to give back. Its key is not free
-- yet.
local function book_out(id, rec, target, status, more, good, dead, unfounded)
  if rec[R.earlier] and status ~= statuses.delivered then
    status, good, dead, more = statuses.delivered, true, false, delivered_to_some(rec, more)
  end
  redis.call('HDEL', mailbox_of(target) .. keys.records, id)
  count(status, 1)
  count('pending', -1)
  tally(endpoint, status, 1)
  if status == statuses.delivered then observe('latency', math.max(0, now - rec[R.created])) end
  local to = successor(rec, status, unfounded)
  if to then
    hand_over(id, rec, target, to, status == statuses.dead)
    if status == statuses.dead then more[#more + 1], more[#more + 2] = 'reason', HANDED_OVER end
  end
  emit(id, rec, target, status, endpoint_info, now, more)
  close_claim(id, rec, target, status, good, dead, unfounded, to ~= nil and status == statuses.dead)
end

-- Makes the next delivery of a key ready, and cancels recoveries whose firings all died here.
local function advance(target, key)
  local mailbox = mailbox_of(target)
  while true do
    local id = redis.call('LPOP', mailbox .. keys.chain .. key)
    if not id then
      make_free(target, key)
      return
    end
    redis.call('HINCRBY', mailbox .. keys.turn, 'chained', -1)
    local rec = load_record(target, id)
    if rec[R.severity] == 0 then redis.call('HDEL', mailbox .. keys.recoveries, rec[R.episode]) end
    if rec[R.severity] > 0 or rec[R.live] > 0 then
      redis.call('RPUSH', mailbox .. keys.ready, id)
      return
    end
    cancelled = cancelled + 1
    book_out(id, rec, target, statuses.cancelled, { 'reason', cancelReasons.firingNotDelivered }, false, false, true)
  end
end

-- Ends the delivery at the head of its key.
local function close(id, rec, target, status, more, good, dead)
  book_out(id, rec, target, status, more, good, dead, false)
  advance(target, rec[R.key])
end

-- needs: mailbox, stats, give-back, push
-- Admits a batch of events to the endpoints of one shard: suppression and the delivery records in one act. `batch` is
-- JSON:
--   endpoints  { id, channel, period, max, escalates, across, targets: { id, info } }
--   items      { endpoint (from 1), key, seen id or '', severity, gate, event (from 1) }
-- Answers for each item its result, of a queued one or a duplicate with the id of the push behind a space.

-- A sender repeats a request for this time.
local RETRY_MS = 60 * 1000

enter(args.prefix)
local now = clock(args.now)
local batch = cjson.decode(args.batch)
for _, endpoint in ipairs(batch.endpoints) do
  for _, target in ipairs(endpoint.targets) do target.name = endpoint.id .. '.' .. target.id end
end
local wakes, woken, described = {}, {}, {}

-- The next number of a kind, unique in the shard.
local serials = {}
local function next_serial(kind)
  serials[kind] = (serials[kind] or tonumber(redis.call('HGET', LEDGER, kind) or 0)) + 1
  count(kind, 1)
  return serials[kind]
end

local DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'
local function base36(number, length)
  local text = ''
  for _ = 1, length do
    local digit = number % 36 + 1
    text, number = string.sub(DIGITS, digit, digit) .. text, math.floor(number / 36)
  end
  return text
end

-- The id of a new push begins with the time, so that the log's index grows at its end. The time also distinguishes
-- ids after a crash in which Redis lost the last serial numbers.
local made_at = base36(now, deliveryIds.timeDigits)
local made_in = string.format('%02x', tonumber(string.match(PREFIX, '{s(%d+)}')))
local others, beginning = nil, ''
local function new_push()
  local serial = next_serial('push')
  local digit = serial % 36
  -- All digits but the last are the same 36 times.
  if others ~= serial - digit then
    others, beginning = serial - digit, made_at .. base36((serial - digit) / 36, deliveryIds.serialDigits - 1)
  end
  return beginning .. string.sub(DIGITS, digit + 1, digit + 1) .. made_in
end

-- The last push of the open episode, as far as the claim knows.
local function last_push(claim)
  local holders = claim[C.holders]
  if #holders == 0 or standing_pushes(claim) == 0 then return nil end
  local name = holders[#holders - 2]
  if #name ~= deliveryIds.serialDigits then return name end
  return base36(holders[#holders - 1], deliveryIds.timeDigits) .. name .. made_in
end

-- The targets of a recovery: those at which a push of the episode stands.
local function recovery_targets(endpoint, claim, live)
  local targets = {}
  for _, target in ipairs(endpoint.targets) do
    if live > (claim[C.missed][target.name] or 0) then targets[#targets + 1] = target end
  end
  return targets
end

-- Puts the deliveries of an event into the mailboxes. Answers the id of the push.
local function enqueue(endpoint, claim, item, live)
  local key, severity, push = item[2], item[4], new_push()
  local targets = severity > 0 and endpoint.targets or recovery_targets(endpoint, claim, live)
  local follows, event = last_push(claim), events.first + item[6] - 1
  if #targets > 1 then open_push(push, #targets) end
  for i, t in ipairs(targets) do
    local target = t.name
    local id = #targets == 1 and push or push .. deliveryIds.targetMark .. i
    local rec = {
      events[event], key, claim[C.episode], severity, now, claim[C.suppressed],
      #targets == 1 and '' or push, #targets, 0, 0, 0, 0, severity == 0 and live - (claim[C.missed][target] or 0) or 0,
      severity == 0 and claim[C.via] or nil,
    }
    if follows then set_rare(rec, R.follows, follows) end
    local ready = put(target, id, rec)
    if not described[target] then
      described[target] = true
      redis.call('HSET', mailbox_of(target) .. keys.turn, 'about', t.info)
    end
    if ready and not woken[target] then
      woken[target] = true
      wakes[#wakes + 1] = wake(endpoint.channel, target, now)
    end
  end
  claim[C.suppressed] = 0
  if item[3] ~= '' then
    redis.call('SET', PREFIX .. keys.seen .. endpoint.id .. ':' .. item[3], push, 'PX', constants.seenMs)
  end
  return push
end

-- Both answer the result, and of a queued event the id of the push.
local function admit_recovery(endpoint, item)
  local gate = item[5]
  local claim = load_claim(endpoint.id, item[2], endpoint.period, now)
  local live = claim and standing_pushes(claim) or 0
  local owing = claim and claim[C.owed] == 1
  local owed = owing and live == 0
  local result = admissions.queued
  if gate == gates.disabled or gate == gates.level then
    result = gate
  elseif live == 0 and not owed then
    result = gate == gates.former and admissions.none or gate == gates.silenced and admissions.silenced
      or admissions.recovery
  elseif owed and now < claim[C.notBefore] then
    return admissions.period
  end
  if not claim then return result end
  local push
  if result == admissions.queued then
    -- An owed recovery is owed to all targets, regardless of later firings.
    push = enqueue(endpoint, claim, item, owing and live + 1 or live)
    if not endpoint.across then claim[C.holders] = {} end
  end
  claim[C.seen] = now
  end_episode(claim)
  save_claim(endpoint.id, item[2], claim, endpoint.period)
  return result, push
end

local function admit_firing(endpoint, item)
  local severity = item[4]
  if item[5] ~= gates.open then return item[5] end
  local claim = load_claim(endpoint.id, item[2], endpoint.period, now) or no_claim(now)
  if claim[C.episode] == 0 then claim[C.episode] = next_serial('episode') end
  claim[C.seen] = now
  local worst = worst_severity(claim, endpoint.period, now)
  local escalated = endpoint.escalates and worst > 0 and severity > worst
  local result, push = admissions.queued, nil
  if now < claim[C.notBefore] then
    result = admissions.period
  elseif not escalated then
    if in_period(claim, endpoint.period, now) then
      result = admissions.period
    elseif endpoint.max > 0 and standing_pushes(claim) >= endpoint.max then
      result = admissions.frequency
    end
  end
  if result == admissions.queued then
    push = enqueue(endpoint, claim, item, 0)
    claim[C.counts][severity] = claim[C.counts][severity] + 1
    hold_period(claim, push, severity, now)
  else
    claim[C.suppressed] = claim[C.suppressed] + 1
  end
  save_claim(endpoint.id, item[2], claim, endpoint.period)
  return result, push
end

-- Whether a result follows from earlier pushes.
local function by_state(result)
  return result == admissions.period or result == admissions.frequency or result == admissions.recovery
end

-- A batch whose answer was lost is repeated. Queued events are known by their ids; suppressed ones are judged again,
-- and a later event of the same key must not change that: a recovery that had nothing to end would end the episode of
-- that event. So ids of suppressed events are remembered where such an event follows them.
local function remember_overtaken(results)
  local moved = {}
  for i = #batch.items, 1, -1 do
    local item, result = batch.items[i], results[i]
    local key = item[1] .. ':' .. item[2]
    local changes = result == admissions.queued or (item[4] == 0 and result ~= admissions.none)
    if by_state(result) and moved[key] and item[3] ~= '' then
      redis.call('SET', PREFIX .. keys.seen .. batch.endpoints[item[1]].id .. ':' .. item[3], '', 'PX', RETRY_MS, 'NX')
    end
    if changes then moved[key] = true end
  end
end

local results, texts, some_by_state = {}, {}, false
for i, item in ipairs(batch.items) do
  local endpoint = batch.endpoints[item[1]]
  local before = item[3] ~= '' and redis.call('GET', PREFIX .. keys.seen .. endpoint.id .. ':' .. item[3])
  local result, push
  if before then
    result = admissions.duplicate .. ' ' .. before
  elseif item[4] == 0 then
    result, push = admit_recovery(endpoint, item)
  else
    result, push = admit_firing(endpoint, item)
  end
  results[i] = result
  some_by_state = some_by_state or by_state(result)
  texts[i] = push and result .. ' ' .. push or result
  if not before and result ~= admissions.queued and result ~= admissions.none then
    count('suppressed:' .. result, 1)
    tally(endpoint.id, 'suppressed', 1)
  end
end
if some_by_state then remember_overtaken(results) end
write_arrivals()
write_claims(now)
write_tallies(now)
write_ledger()
return answers.admitted { results = texts, wakes = wakes }

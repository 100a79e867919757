-- Admits a batch of events to the endpoints of one shard: suppression and the delivery records in one act.
--   ARGV 1 prefix, 2 time (empty: Redis' own), 3 JSON { endpoints, items }, 4… the events as JSON texts
--   endpoint { id, channel, period, max, escalates, across, targets: { id, about } }
--   item     { endpoint (from 1), key, seen id or "", severity, gate, event (from 1) }
--   gate     "" | "disabled" | "level" | "silenced" | "former" (only a link that has been taken away leads there)
-- Answers { verdicts, wakes }; a verdict is a word, `queued <push id>`, or `duplicate <push id>` for an id that was queued
-- before.

local SEEN_MS = 3600 * 1000
-- So long a sender tries again.
local RETRY_MS = 60 * 1000

local now = clock(ARGV[2])
local batch = cjson.decode(ARGV[3])
for _, endpoint in ipairs(batch.endpoints) do
  for _, target in ipairs(endpoint.targets) do target.name = endpoint.id .. '.' .. target.id end
end
local wakes, woken, described = {}, {}, {}

-- A number unlike any before in the shard, of its kind.
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

-- The id of a new push: 8 digits of time (so that the log's index grows at its end), 4 of a serial number, and the
-- shard. Fourteen characters are as many as fit the smallest piece of memory that Redis takes. The time tells ids apart
-- where Redis lost its last moments in a crash, and with them the serial number.
local made_at, made_in = base36(now, 8), string.format('%02x', tonumber(string.match(PREFIX, '{s(%d+)}')))
local others, beginning = nil, ''
local function new_push()
  local serial = next_serial('push')
  local digit = serial % 36
  -- All digits but the last are the same 36 times.
  if others ~= serial - digit then others, beginning = serial - digit, made_at .. base36((serial - digit) / 36, 3) end
  return beginning .. string.sub(DIGITS, digit + 1, digit + 1) .. made_in
end

-- The push that told last of the open episode, as far as the claim knows.
local function last_push(claim)
  local holders = claim[C_HOLDERS]
  if #holders == 0 or standing(claim) == 0 then return nil end
  local name = holders[#holders - 2]
  return #name == 4 and base36(holders[#holders - 1], 8) .. name .. made_in or name
end

-- Where the endpoint's recovery goes: to the targets at which a push of the episode stands.
local function told_targets(endpoint, claim, live)
  local targets = {}
  for _, target in ipairs(endpoint.targets) do
    if live > (claim[C_MISSED][target.name] or 0) then targets[#targets + 1] = target end
  end
  return targets
end

-- Answers the push's id.
local function enqueue(endpoint, claim, item, live)
  local key, severity, push = item[2], item[4], new_push()
  local targets = severity > 0 and endpoint.targets or told_targets(endpoint, claim, live)
  local follows = last_push(claim)
  if #targets > 1 then redis.call('HSET', PREFIX .. 'push:' .. push, 'open', #targets, 'good', 0) end
  for i, t in ipairs(targets) do
    local target = t.name
    local id = #targets == 1 and push or push .. '-' .. i
    local rec = {
      ARGV[3 + item[6]], key, claim[C_EPISODE], severity, now, claim[C_SUPPRESSED],
      #targets == 1 and '' or push, #targets, 0, 0, 0, 0, severity == 0 and live - (claim[C_MISSED][target] or 0) or 0,
      severity == 0 and claim[C_VIA] or nil,
    }
    if follows then set_rare(rec, FOLLOWS, follows) end
    local ready = put(target, id, rec)
    if not described[target] then
      described[target] = true
      redis.call('HSET', box(target) .. ':turn', 'about', t.about)
    end
    if ready and not woken[target] then
      woken[target] = true
      wakes[#wakes + 1] = wake(endpoint.channel, target, now)
    end
  end
  claim[C_SUPPRESSED] = 0
  if item[3] ~= '' then redis.call('SET', PREFIX .. 'seen:' .. endpoint.id .. ':' .. item[3], push, 'PX', SEEN_MS) end
  return push
end

-- Both answer the verdict, and of what was queued the push's id.
local function admit_recovery(endpoint, item)
  local gate = item[5]
  local claim = load_claim(endpoint.id, item[2], endpoint.period, now)
  local live = claim and standing(claim) or 0
  local owing = claim and claim[C_OWED] == 1
  local owed = owing and live == 0
  local verdict = 'queued'
  if gate == 'disabled' or gate == 'level' then
    verdict = gate
  elseif live == 0 and not owed then
    verdict = gate == 'former' and 'none' or gate == 'silenced' and 'silenced' or 'recovery'
  elseif owed and now < claim[C_NOT_BEFORE] then
    return 'period'
  end
  if not claim then return verdict end
  local push
  if verdict == 'queued' then
    -- What is owed is owed to all, whatever became of later firings anywhere.
    push = enqueue(endpoint, claim, item, owing and live + 1 or live)
    if not endpoint.across then claim[C_HOLDERS] = {} end
  end
  claim[C_SEEN] = now
  end_episode(claim)
  save_claim(endpoint.id, item[2], claim, endpoint.period)
  return verdict, push
end

local function admit_firing(endpoint, item)
  local severity = item[4]
  if item[5] ~= '' then return item[5] end
  local claim = load_claim(endpoint.id, item[2], endpoint.period, now) or no_claim(now)
  if claim[C_EPISODE] == 0 then claim[C_EPISODE] = next_serial('episode') end
  claim[C_SEEN] = now
  local worst = told(claim, endpoint.period, now)
  local escalated = endpoint.escalates and worst > 0 and severity > worst
  local verdict, push = 'queued', nil
  if now < claim[C_NOT_BEFORE] then
    verdict = 'period'
  elseif not escalated then
    if in_period(claim, endpoint.period, now) then
      verdict = 'period'
    elseif endpoint.max > 0 and standing(claim) >= endpoint.max then
      verdict = 'frequency'
    end
  end
  if verdict == 'queued' then
    push = enqueue(endpoint, claim, item, 0)
    claim[C_COUNTS][severity] = claim[C_COUNTS][severity] + 1
    hold(claim, push, severity, now)
  else
    claim[C_SUPPRESSED] = claim[C_SUPPRESSED] + 1
  end
  save_claim(endpoint.id, item[2], claim, endpoint.period)
  return verdict, push
end

-- Whether the verdict follows from what the endpoint has been told so far.
local function by_state(verdict) return verdict == 'period' or verdict == 'frequency' or verdict == 'recovery' end

-- A batch whose answer was lost comes again. What was queued in it is known by its id; what was suppressed is judged anew,
-- and must not be judged by what a later event of its key has brought about meanwhile: a recovery that had nothing to end
-- would end that event's episode. So ids of suppressed events are remembered where such a one came after them.
local function remember_overtaken(verdicts)
  local moved = {}
  for i = #batch.items, 1, -1 do
    local item, verdict = batch.items[i], verdicts[i]
    local key = item[1] .. ':' .. item[2]
    local changes = verdict == 'queued' or (item[4] == 0 and verdict ~= 'none')
    if by_state(verdict) and moved[key] and item[3] ~= '' then
      redis.call('SET', PREFIX .. 'seen:' .. batch.endpoints[item[1]].id .. ':' .. item[3], '', 'PX', RETRY_MS, 'NX')
    end
    if changes then moved[key] = true end
  end
end

local verdicts, answers, some_by_state = {}, {}, false
for i, item in ipairs(batch.items) do
  local endpoint = batch.endpoints[item[1]]
  local before = item[3] ~= '' and redis.call('GET', PREFIX .. 'seen:' .. endpoint.id .. ':' .. item[3])
  local verdict, push
  if before then
    verdict = 'duplicate ' .. before
  elseif item[4] == 0 then
    verdict, push = admit_recovery(endpoint, item)
  else
    verdict, push = admit_firing(endpoint, item)
  end
  verdicts[i] = verdict
  some_by_state = some_by_state or by_state(verdict)
  answers[i] = push and verdict .. ' ' .. push or verdict
  if not before and verdict ~= 'queued' and verdict ~= 'none' then
    count('suppressed:' .. verdict, 1)
    tally(endpoint.id, 'suppressed', 1)
  end
end
if some_by_state then remember_overtaken(verdicts) end
write_arrivals()
write_claims(now)
write_tallies(now)
write_ledger()
return { answers, wakes }

-- Ends deliveries that wait at a target, by an operator's will. What is in flight is past recall.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 push period (ms), 6 about (JSON, or empty), 7 reason, 8… ids
-- Answers { wakes, ids cancelled }.

local channel, target, reason = ARGV[3], ARGV[4], ARGV[7]
now, about, endpoint = clock(ARGV[2]), about_of(target, ARGV[6]), string.match(target, '^[^.]*')
period, fallback = tonumber(ARGV[5]), ''
local b = box(target)

-- Takes a delivery from where it waits: nil where it does not, else whether it is the head of its key.
local function take_out(id, rec)
  if redis.call('ZSCORE', b .. ':fly', id) then return nil end
  -- A replay that waits for its time is in no line yet.
  if redis.call('ZREM', b .. ':later', id) == 1 then
    redis.call('LREM', b .. ':later:' .. rec[KEY], 1, id)
    return false
  end
  if redis.call('ZREM', b .. ':due', id) == 1 or redis.call('ZREM', b .. ':roused', id) == 1 then return true end
  if redis.call('LREM', b .. ':chain:' .. rec[KEY], 1, id) == 1 then
    redis.call('HINCRBY', b .. ':turn', 'chained', -1)
    if rec[SEVERITY] == 0 then redis.call('HDEL', b .. ':ends', rec[EPISODE]) end
    return false
  end
  -- It is ready. Looking for it in a long list would take long: its id stays, and is passed over when it comes up.
  redis.call('HINCRBY', b .. ':turn', 'stale', 1)
  return true
end

local done = {}
for i = 8, #ARGV do
  local id = ARGV[i]
  local rec = load_record(target, id)
  local head = nil
  if rec then head = take_out(id, rec) end
  if head ~= nil then
    done[#done + 1] = id
    local good = rec[MAYBE] == 1
    book_out(id, rec, target, 'cancelled', { 'reason', reason }, good, false, false)
    if head then advance(target, rec[KEY]) end
  end
end
write_claims(now)
write_tallies(now)
write_ledger()

local turn = redis.call('HGET', b .. ':turn', 'state')
if redis.call('HLEN', b .. ':rec') == 0 then
  leave(channel, target, turn)
  return { {}, done }
end
local ready = redis.call('LLEN', b .. ':ready') > 0
return { ready and { wake(channel, target, now) } or {}, done }

-- needs: shard, record
-- Pushes: the deliveries of one event to all targets of an endpoint. The last delivery to end closes the push.

-- After this time the end of a push at a fallback endpoint no longer matters.
local HANDED_MS = 7 * 24 * 3600 * 1000

local function mark_handed_over(push) redis.call('SET', PREFIX .. keys.handedOver .. push, 1, 'PX', HANDED_MS) end

-- Handles the end of a push that only the fallback endpoint may have delivered: true where that reached nobody
-- either.
local function returned_to(push, counts)
  if tonumber(counts[1]) ~= tonumber(counts[2] or 0) then return false end
  if counts[3] then return true end
  mark_handed_over(push)
  return false
end

-- Counts a delivery off its push. `unfounded`: a recovery whose firing died there; `handed`: the fallback endpoint
-- takes over, which counts as good until it fails. Answers whether the push is closed, whether it reached anyone, its
-- id, the other targets at which it ended badly, and whether it died at any.
local function count_off(id, rec, target, good, unfounded, handed)
  if rec[R.targets] == 1 then
    if handed then mark_handed_over(id) end
    return true, good or handed, id, {}, not unfounded
  end
  local key = PREFIX .. keys.push .. rec[R.push]
  if good or handed then redis.call('HINCRBY', key, 'good', 1) end
  if handed then redis.call('HINCRBY', key, 'handed', 1) end
  if not good and not handed then redis.call('HSET', key, target, unfounded and 'unfounded' or 'died') end
  if redis.call('HINCRBY', key, 'open', -1) > 0 then return false, good or handed, rec[R.push], {}, false end
  local counts = redis.call('HMGET', key, 'good', 'handed', 'returned')
  local any, others, died = tonumber(counts[1]) > 0, {}, false
  if any and returned_to(rec[R.push], counts) then any, died = false, true end
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    died = died or fields[i + 1] == 'died'
    -- Only names of targets contain a dot.
    if string.find(fields[i], '.', 1, true) and fields[i] ~= target then others[#others + 1] = fields[i] end
  end
  redis.call('DEL', key)
  return true, any, rec[R.push], others, died
end

-- Opens a push with several targets.
local function open_push(push, total) redis.call('HSET', PREFIX .. keys.push .. push, 'open', total, 'good', 0) end

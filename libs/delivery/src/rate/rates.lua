-- The rate of a credential: at most `max` sends in any window of `per`, over all endpoints and workers that use it.
--   KEYS 1   hash  g|<grant>|<target> -> count:time    sends granted, and by when they are over at the latest, or
--                                        count:time:1  when they were over
--                  w|<target>         -> ms            when the target was granted less than it has to send
--                  hold               -> ms            end of the pause that the provider asked for
--                  keep               -> per:ms        the longest window, and when a request named it
-- A send counts from its grant until `per` after it is over. It reaches the provider in between, so no window
-- measured by the provider has more sends either. Every call may be repeated.
--   acts  ask     `takesMs`: most time of a send; `certain`: as many as `count` are known to wait; answers a grant
--         use     `count`: sends of the grant that are started, the others are given back; `takesMs` as for ask
--         finish  `count`: sends of the grant that are over now
--         pause   `count`: length of the pause (ms)

local sends, act, grant, target, wanted = KEYS[1], args.act, args.grant, args.target, args.count
-- Longer than any window.
local KEPT_MS = 2 * 86400 * 1000
-- Longest wait for sends in flight, whose end is not known.
local ASK_AGAIN_MS = 1000

local function clock(given)
  if given then return given end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock(args.now)
local own, waits = 'g|' .. grant .. '|' .. target, 'w|' .. target
redis.call('PEXPIRE', sends, KEPT_MS)

if act == 'pause' then
  local held = tonumber(redis.call('HGET', sends, 'hold') or 0)
  redis.call('HSET', sends, 'hold', string.format('%.0f', math.max(held, now + wanted)))
  redis.call('PEXPIRE', sends, KEPT_MS)
  return {}
end
if act == 'use' then
  if wanted > 0 then
    redis.call('HSET', sends, own, string.format('%d:%.0f', wanted, now + args.takesMs))
  else
    redis.call('HDEL', sends, own)
  end
  redis.call('HDEL', sends, waits)
  return {}
end
if act == 'finish' then
  redis.call('HSET', sends, own, string.format('%d:%.0f:1', wanted, now))
  redis.call('PEXPIRE', sends, KEPT_MS)
  return {}
end

-- The call is repeated, because its answer was lost.
local before = redis.call('HGET', sends, own)
if before then return answers.grant { count = tonumber(string.match(before, '^%d+')), waitMs = 0 } end

local bounds, longest = {}, 0
for i = limits.first, limits.last, limits.step do
  local limit = { max = limits[i].max, per = limits[i].perMs }
  bounds[#bounds + 1] = limit
  longest = math.max(longest, limit.per)
end

-- Other requests may have limits with a longer window: the sends that those need are kept for a while.
local KEEP_MS = 600000
local keep_per, kept_at = string.match(redis.call('HGET', sends, 'keep') or '0:0', '^(%d+):(%d+)$')
local kept = longest
if tonumber(keep_per) > longest and tonumber(kept_at) + KEEP_MS > now then kept = tonumber(keep_per) end
if kept == longest then redis.call('HSET', sends, 'keep', string.format('%d:%.0f', longest, now)) end

-- { over at, count, target, in flight }; sends in flight count as over now.
local found, others, hold = {}, 0, 0
local fields = redis.call('HGETALL', sends)
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if name == 'hold' then
    hold = tonumber(value)
  elseif string.sub(name, 1, 2) == 'w|' then
    if tonumber(value) + longest < now then redis.call('HDEL', sends, name)
    elseif name ~= waits then others = others + 1 end
  elseif name ~= 'keep' then
    local count, at, finished = string.match(value, '^(%d+):(%d+)(:?1?)$')
    at = tonumber(at)
    if at + kept <= now then
      redis.call('HDEL', sends, name)
    else
      local in_flight = finished == '' and at > now
      found[#found + 1] = { in_flight and now or at, tonumber(count), string.match(name, '|([^|]*)$'), in_flight }
    end
  end
end
table.sort(found, function(a, b) return a[1] < b[1] end)
if hold > now then return answers.grant { count = 0, waitMs = hold - now } end

-- How many sends a limit still allows, counting those that `counts` accepts, and the wait for the next one (ms).
local function room(limit, most, counts)
  local used = 0
  for _, send in ipairs(found) do
    if send[1] + limit.per > now and counts(send) then used = used + send[2] end
  end
  if used < most then return most - used, 0 end
  for _, send in ipairs(found) do
    if send[1] + limit.per > now and counts(send) then
      used = used - send[2]
      if used < most then
        local wait = send[1] + limit.per - now
        return 0, send[4] and math.min(wait, ASK_AGAIN_MS) or wait
      end
    end
  end
  return 0, limit.per
end

local granted, wait = wanted, 0
local function bound(free, next_in)
  granted = math.min(granted, free)
  if free == 0 then wait = math.max(wait, next_in) end
end
for _, limit in ipairs(bounds) do
  bound(room(limit, limit.max, function() return true end))
  -- If other targets wait too, each has its share of the window.
  if others > 0 then
    bound(room(limit, math.ceil(limit.max / (others + 1)), function(send) return send[3] == target end))
  end
end

if granted > 0 then redis.call('HSET', sends, own, string.format('%d:%.0f', granted, now + args.takesMs)) end
if granted >= wanted then
  redis.call('HDEL', sends, waits)
elseif granted == 0 or args.certain then
  redis.call('HSET', sends, waits, string.format('%.0f', now))
end
redis.call('PEXPIRE', sends, KEPT_MS)
return answers.grant { count = granted, waitMs = math.max(1, math.ceil(wait)) }

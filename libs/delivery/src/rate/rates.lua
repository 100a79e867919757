-- Grants sends of a credential: at most `max` in any window of `per`, over all endpoints and workers that use it. A send
-- counts from its grant until `per` after its end: it reaches the provider in between, so that no window at the provider
-- contains more. Every call may be repeated.
--   KEYS 1   hash  g|<token>|<target> -> count:time    sends granted, and when they are over for certain; or
--                                        count:time:1  when they were over
--                  w|<target>         -> ms            the target was granted less than it has to send
--                  hold               -> ms            until when the provider asked to wait
--                  keep               -> per:ms        the longest window, and when it was used
--   acts  ask     answers the sends granted of `count`, or the time to wait; `certain`: at least `count` are ready
--         use     only `count` of the token's sends are used, the others are given back
--         finish  `count` of the token's sends were made, and are over
--         hold    nothing is granted for `count` ms

local sends, act, token, target, wanted = KEYS[1], args.act, args.token, args.target, args.count
-- Longer than any window.
local KEPT_MS = 2 * 86400 * 1000
-- Sends under way end at an unknown time, so the next call comes after this time.
local ASK_AGAIN_MS = 1000

local function clock(given)
  if given then return given end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock(args.now)
local own, waits = 'g|' .. token .. '|' .. target, 'w|' .. target
redis.call('PEXPIRE', sends, KEPT_MS)

if act == 'hold' then
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

-- A repeated call, because the answer was lost.
local before = redis.call('HGET', sends, own)
if before then return answers.grant { count = tonumber(string.match(before, '^%d+')), waitMs = 0 } end

local bounds, longest = {}, 0
for i = limits.first, limits.last, limits.step do
  local limit = { max = limits[i].max, per = limits[i].perMs }
  bounds[#bounds + 1] = limit
  longest = math.max(longest, limit.per)
end

-- Other processes may use a limit with a longer window: for a while its sends are stored too.
local KEEP_MS = 600000
local keep_per, kept_at = string.match(redis.call('HGET', sends, 'keep') or '0:0', '^(%d+):(%d+)$')
local kept = longest
if tonumber(keep_per) > longest and tonumber(kept_at) + KEEP_MS > now then kept = tonumber(keep_per) end
if kept == longest then redis.call('HSET', sends, 'keep', string.format('%d:%.0f', longest, now)) end

-- { over at, count, whose, under way }; those under way are as if over now.
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
    local count, at, landed = string.match(value, '^(%d+):(%d+)(:?1?)$')
    at = tonumber(at)
    if at + kept <= now then
      redis.call('HDEL', sends, name)
    else
      local under_way = landed == '' and at > now
      found[#found + 1] = { under_way and now or at, tonumber(count), string.match(name, '|([^|]*)$'), under_way }
    end
  end
end
table.sort(found, function(a, b) return a[1] < b[1] end)
if hold > now then return answers.grant { count = 0, waitMs = hold - now } end

-- The sends that a limit still allows, of those that `counts` selects, and the time until the next one.
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
  -- Where other targets wait as well, each gets its share of the window.
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

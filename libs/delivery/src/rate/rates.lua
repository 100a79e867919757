-- The sends of a credential: at most `max` in any window of `per`, over all endpoints and workers that use it.
--   KEYS 1   hash  g|<token>|<target> -> count:time    sends granted; the time at which they are over for certain, or
--                                        count:time:1  at which they were over
--                  w|<target>         -> ms            was given less than it has to send
--                  hold               -> ms            until when the provider asked to wait
--                  keep               -> per:ms        the longest window, and when it was asked for
-- A send counts from when it is granted until `per` after it is over: it reaches the provider somewhere between, so no
-- window at the provider's holds more either. Every call may be sent again.
--   ARGV 1 time (empty: Redis' own), 2 ask | use | land | hold, 3 token, 4 target, 5 count
--     ask   6 how long a send may take (ms), 7 whether so much waits for certain (1), then max, per (ms) for each limit
--           that holds; answers granted, wait (ms)
--     use   count: so many of the token's are sent, the others are given back; 6 as for ask
--     land  count: so many were sent, and are over now
--     hold  count: for so long (ms)

local sends, token, target, wanted = KEYS[1], ARGV[3], ARGV[4], tonumber(ARGV[5])
-- Longer than any window.
local KEPT_MS = 2 * 86400 * 1000
-- When sends under way will be over nobody knows; so soon it is worth asking again.
local ASK_AGAIN_MS = 1000

local function clock(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock(ARGV[1])
local own, waits = 'g|' .. token .. '|' .. target, 'w|' .. target
redis.call('PEXPIRE', sends, KEPT_MS)

if ARGV[2] == 'hold' then
  local held = tonumber(redis.call('HGET', sends, 'hold') or 0)
  redis.call('HSET', sends, 'hold', string.format('%.0f', math.max(held, now + wanted)))
  redis.call('PEXPIRE', sends, KEPT_MS)
  return 0
end
if ARGV[2] == 'use' then
  if wanted > 0 then
    redis.call('HSET', sends, own, string.format('%d:%.0f', wanted, now + ARGV[6]))
  else
    redis.call('HDEL', sends, own)
  end
  redis.call('HDEL', sends, waits)
  return 0
end
if ARGV[2] == 'land' then
  redis.call('HSET', sends, own, string.format('%d:%.0f:1', wanted, now))
  redis.call('PEXPIRE', sends, KEPT_MS)
  return 0
end

-- Asked again, because the answer was lost.
local before = redis.call('HGET', sends, own)
if before then return { tonumber(string.match(before, '^%d+')), 0 } end

local limits, longest = {}, 0
for i = 8, #ARGV, 2 do
  local limit = { max = tonumber(ARGV[i]), per = tonumber(ARGV[i + 1]) }
  limits[#limits + 1] = limit
  longest = math.max(longest, limit.per)
end

-- Who asks may not know of a limit with a longer window that others go by: for a while what it needs is kept.
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
if hold > now then return { 0, hold - now } end

-- How many of a limit are free for sends that some may count for, and in how long there is the next.
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
for _, limit in ipairs(limits) do
  bound(room(limit, limit.max, function() return true end))
  -- Where others wait as well, each has its share of the window.
  if others > 0 then
    bound(room(limit, math.ceil(limit.max / (others + 1)), function(send) return send[3] == target end))
  end
end

if granted > 0 then redis.call('HSET', sends, own, string.format('%d:%.0f', granted, now + ARGV[6])) end
if granted >= wanted then
  redis.call('HDEL', sends, waits)
elseif granted == 0 or ARGV[7] == '1' then
  redis.call('HSET', sends, waits, string.format('%.0f', now))
end
redis.call('PEXPIRE', sends, KEPT_MS)
return { granted, math.max(1, math.ceil(wait)) }

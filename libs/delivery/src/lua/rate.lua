-- The sends of a credential: at most `max` in any window of `per`, over all endpoints and workers that use it.
--   KEYS 1   <r>  hash  f|<token>|<target> -> count:until   sends under way, and by when they are over for certain
--                       l|<ms>|<target>    -> count         sends that were over at that time
--                       w|<target>         -> ms            last asked for more than it was given
--                       hold               -> ms            until when the provider asked to wait
-- A send counts from when it is granted until `per` after it is over: it reaches the provider somewhere between, so no
-- window at the provider's holds more either.
--   ARGV 1 time (empty: Redis' own), 2 ask | land | hold, 3 token, 4 target, 5 count
--     ask   6 how long a send may take (ms), then max, per (ms) for each limit that holds; answers granted, wait (ms)
--     land  count: how many of the token's were sent; the others are given back. 6 to which times are rounded up (ms),
--           so that a large limit does not keep a field for each send
--     hold  count: for so long (ms)

local sends, token, target, wanted = KEYS[1], ARGV[3], ARGV[4], tonumber(ARGV[5])
-- Longer than any window.
local KEPT_MS = 2 * 86400 * 1000

local function clock(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local now = clock(ARGV[1])

local function land(count, at)
  if count > 0 then redis.call('HINCRBY', sends, string.format('l|%.0f|%s', at, target), count) end
end

if ARGV[2] == 'hold' then
  local held = tonumber(redis.call('HGET', sends, 'hold') or 0)
  redis.call('HSET', sends, 'hold', math.max(held, now + wanted))
  redis.call('PEXPIRE', sends, KEPT_MS)
  return 0
end
if ARGV[2] == 'land' then
  local grain = tonumber(ARGV[6])
  if redis.call('HDEL', sends, 'f|' .. token .. '|' .. target) == 1 then land(wanted, math.ceil(now / grain) * grain) end
  redis.call('PEXPIRE', sends, KEPT_MS)
  return 0
end

local limits, longest = {}, 0
for i = 7, #ARGV, 2 do
  local limit = { max = tonumber(ARGV[i]), per = tonumber(ARGV[i + 1]) }
  limits[#limits + 1] = limit
  longest = math.max(longest, limit.per)
end

-- { over at, count, whose }; those under way are as if over now.
local found, others, hold = {}, 0, 0
local fields = redis.call('HGETALL', sends)
for i = 1, #fields, 2 do
  local kind, first, second = string.match(fields[i], '^(%a+)|?([^|]*)|?(.*)$')
  if kind == 'hold' then
    hold = tonumber(fields[i + 1])
  elseif kind == 'w' then
    if tonumber(fields[i + 1]) + longest < now then redis.call('HDEL', sends, fields[i])
    elseif first ~= target then others = others + 1 end
  elseif kind == 'l' then
    local at = tonumber(first)
    if at + longest <= now then redis.call('HDEL', sends, fields[i])
    else found[#found + 1] = { at, tonumber(fields[i + 1]), second } end
  else
    local count, until_ = string.match(fields[i + 1], '^(%d+):(%d+)$')
    until_ = tonumber(until_)
    -- Its worker is gone: it was over by then.
    if until_ + longest <= now then redis.call('HDEL', sends, fields[i])
    else found[#found + 1] = { math.min(until_, now), tonumber(count), second } end
  end
end
table.sort(found, function(a, b) return a[1] < b[1] end)
if hold > now then return { 0, hold - now } end

-- How many of a limit are free for sends that some may count for, and when there is the next.
local function room(limit, most, counts)
  local used = 0
  for _, send in ipairs(found) do
    if send[1] + limit.per > now and counts(send) then used = used + send[2] end
  end
  if used < most then return most - used, 0 end
  for _, send in ipairs(found) do
    if send[1] + limit.per > now and counts(send) then
      used = used - send[2]
      if used < most then return 0, send[1] + limit.per - now end
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

if granted > 0 then redis.call('HSET', sends, 'f|' .. token .. '|' .. target, string.format('%d:%.0f', granted, now + ARGV[6])) end
if granted < wanted then
  redis.call('HSET', sends, 'w|' .. target, now)
else
  redis.call('HDEL', sends, 'w|' .. target)
end
redis.call('PEXPIRE', sends, KEPT_MS)
return { granted, math.max(1, math.ceil(wait)) }

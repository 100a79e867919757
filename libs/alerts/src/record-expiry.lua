-- needs: reporter
-- Records which alerts a reporter says fire, and which have ended. An outage ends when the reporter names a held
-- alert, or reports anything after all its reports had expired.

local scores, ids, ended = {}, {}, {}
for i = alerts.first, alerts.last, alerts.step do
  local id = alerts[i].id
  if alerts[i].fires then
    scores[#scores + 1], scores[#scores + 2] = alerts[i].score, id
    ids[#ids + 1] = id
  else
    ended[#ended + 1] = id
  end
end

local known = redis.call('HMGET', REPORTER, 'held', 'through', 'voice', 'edge')
local held, through, voice = known[1], tonumber(known[2]), tonumber(known[3] or 0)

local function names_held(named)
  for _, id in ipairs(named) do
    local score = redis.call('ZSCORE', ENDS, id)
    if score and math.floor(tonumber(score)) <= through then return true end
  end
  return false
end

if held and ((#ids > 0 and voice < clock) or names_held(ids) or names_held(ended)) then
  redis.call('HDEL', REPORTER, 'held', 'edge', 'through', 'told')
  local last = math.max(through, tonumber(known[4]))
  redis.call('HSET', REPORTER, 'over', held, 'base', clock_text, 'again', text(last))
end
if #ids > 0 then
  -- Most reports repeat known alerts, whose summaries are stored already.
  if redis.call('ZADD', ENDS, unpack(scores)) > 0 then
    redis.call('ZREM', AGAIN, unpack(ids))
    for i = alerts.first, alerts.last, alerts.step do
      if alerts[i].fires then redis.call('HSETNX', SUMMARIES, alerts[i].id, alerts[i].summary) end
    end
  end
  redis.call('HSET', REPORTER, 'voice', args.holdsUntil)
end
drop(ended)
return 1

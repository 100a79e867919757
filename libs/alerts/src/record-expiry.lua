-- Records which alerts a reporter says fire, and which have ended.
--   ARGV 2 until when this report holds, 3 how many alerts fire; id, score and summary of each; then the ids of those
--        that have ended
-- An outage ends when the reporter names a held alert, or reports anything after all its reports had expired.

local firing = tonumber(ARGV[3])
local scores, ids, ended = {}, {}, {}
for i = 4, 3 + 3 * firing, 3 do
  scores[#scores + 1], scores[#scores + 2] = ARGV[i + 1], ARGV[i]
  ids[#ids + 1] = ARGV[i]
end
for i = 4 + 3 * firing, #ARGV do
  ended[#ended + 1] = ARGV[i]
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

if held and ((firing > 0 and voice < clock) or names_held(ids) or names_held(ended)) then
  redis.call('HDEL', REPORTER, 'held', 'edge', 'through', 'told')
  local last = math.max(through, tonumber(known[4]))
  redis.call('HSET', REPORTER, 'over', held, 'base', ARGV[1], 'again', text(last))
end
if firing > 0 then
  -- Most reports repeat known alerts, whose summaries are stored already.
  if redis.call('ZADD', ENDS, unpack(scores)) > 0 then
    redis.call('ZREM', AGAIN, unpack(ids))
    for i = 4, 3 + 3 * firing, 3 do
      redis.call('HSETNX', SUMMARIES, ARGV[i], ARGV[i + 2])
    end
  end
  redis.call('HSET', REPORTER, 'voice', ARGV[2])
end
drop(ended)
return 1

-- Settings have changed: what waits for its next try at the target is tried now, or ended if the endpoint is closed.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target
-- Answers the wake, or nothing.

local b = box(ARGV[4])
if redis.call('EXISTS', b .. ':due') == 1 then
  -- Renaming takes no time however much waits; the union is for a change on the heels of another.
  if redis.call('EXISTS', b .. ':roused') == 1 then
    redis.call('ZUNIONSTORE', b .. ':roused', 2, b .. ':roused', b .. ':due')
    redis.call('DEL', b .. ':due')
  else
    redis.call('RENAME', b .. ':due', b .. ':roused')
  end
end
if redis.call('EXISTS', b .. ':rec') == 0 then return {} end
return { wake(ARGV[3], ARGV[4], clock(ARGV[2])) }

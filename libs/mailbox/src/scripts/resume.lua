-- Settings have changed: what waits for its next try at the target is tried now, or ended if the endpoint is closed, and
-- what stopped the sending before says nothing any more.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target
-- Answers the wake, or nothing.

rouse_due(ARGV[4])
forget_failures(ARGV[4])
if redis.call('EXISTS', box(ARGV[4]) .. ':rec') == 0 then return {} end
return { wake(ARGV[3], ARGV[4], clock(ARGV[2]), true) }

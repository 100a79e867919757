-- Settings have changed: a sleeping turn of the target looks again now.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target
-- Answers the wake, or nothing.

if redis.call('HGET', box(ARGV[4]) .. ':turn', 'state') ~= 'asleep' then return {} end
return { wake(ARGV[3], ARGV[4], clock(ARGV[2])) }

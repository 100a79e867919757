-- A queued or sleeping turn whose job is gone from its queue gets a new job, unless something moved meanwhile.
--   ARGV 1 prefix, 2 time, 3 channel, 4 target, 5 the lost job
-- Answers the wake, or nothing.

local turn = redis.call('HMGET', box(ARGV[4]) .. ':turn', 'state', 'job')
if turn[2] ~= ARGV[5] or turn[1] == 'running' then return {} end
return { { ARGV[3], ARGV[4], plan_turn(ARGV[3], ARGV[4], 'queued', clock(ARGV[2])), 0 } }

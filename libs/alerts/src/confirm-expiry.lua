-- The events of a finding of `check-expiry` were taken in.
--   ARGV 2 'outage over' or 'outage', 3 the outage; or
--        2 'expired', then id and score of each alert; an alert that was repeated meanwhile has another score and stays

if ARGV[2] == 'outage over' then
  if redis.call('HGET', REPORTER, 'over') == ARGV[3] then redis.call('HDEL', REPORTER, 'over') end
elseif ARGV[2] == 'outage' then
  if redis.call('HGET', REPORTER, 'held') == ARGV[3] then redis.call('HSET', REPORTER, 'told', ARGV[3]) end
else
  local expired = {}
  for i = 3, #ARGV, 2 do
    local score = redis.call('ZSCORE', ENDS, ARGV[i]) or redis.call('ZSCORE', AGAIN, ARGV[i])
    if score == ARGV[i + 1] then expired[#expired + 1] = ARGV[i] end
  end
  drop(expired)
end
return 1

-- needs: reporter
-- Confirms that the events of a finding were taken in. An alert that was repeated meanwhile has another score, and
-- stays.

if args.kind == 'outage over' then
  if redis.call('HGET', REPORTER, 'over') == args.outage then redis.call('HDEL', REPORTER, 'over') end
elseif args.kind == 'outage' then
  if redis.call('HGET', REPORTER, 'held') == args.outage then redis.call('HSET', REPORTER, 'told', args.outage) end
else
  local expired = {}
  for i = alerts.first, alerts.last, alerts.step do
    local id = alerts[i].id
    local score = redis.call('ZSCORE', ENDS, id) or redis.call('ZSCORE', AGAIN, id)
    if score == alerts[i].score then expired[#expired + 1] = id end
  end
  drop(expired)
end
return 1

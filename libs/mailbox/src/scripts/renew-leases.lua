-- needs: record
-- Renews the in-flight leases of attempts that are still running. Answers the ids of those that have one: after its
-- lease has expired, another worker may have begun the next attempt.

enter(args.prefix)
local lease_end = clock(args.now) + constants.inFlightLeaseMs
local in_flight = mailbox_of(args.target) .. keys.inFlight
local renewed = {}
for i = attempts.first, attempts.last, attempts.step do
  local id = attempts[i].id
  local rec = redis.call('ZSCORE', in_flight, id) and load_record(args.target, id)
  if rec and rec[R.attempts] + 1 == attempts[i].attempt then
    redis.call('ZADD', in_flight, lease_end, id)
    renewed[#renewed + 1] = id
  end
end
return renewed

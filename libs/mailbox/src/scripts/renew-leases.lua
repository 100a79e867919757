-- needs: shard
-- Renews the in-flight leases of deliveries that are still being sent; those that have expired stay so.

enter(args.prefix)
local lease_end = clock(args.now) + constants.inFlightLeaseMs
local in_flight = mailbox_of(args.target) .. keys.inFlight
for i = ids.first, ids.last do redis.call('ZADD', in_flight, 'XX', lease_end, ids[i]) end
return 0

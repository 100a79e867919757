-- needs: give-back
-- Takes back a push that its fallback endpoint could not deliver either: the push gives its claim back, now or when
-- the last of its targets has ended without a success. Repeated it changes nothing.

enter(args.prefix)
local now, period, push = clock(args.now), args.pushPeriodMs, args.push
if redis.call('EXISTS', PREFIX .. keys.push .. push) == 1 then
  redis.call('HSET', PREFIX .. keys.push .. push, 'returned', 1)
  return 0
end
if redis.call('DEL', PREFIX .. keys.handedOver .. push) == 0 then return 0 end
local origin, rec = cjson.decode(args.origin), {}
rec[R.key], rec[R.episode], rec[R.severity], rec[R.suppressed] = origin[3], origin[4], origin[5], origin[6]
give_back(origin[1], rec, push, period, now, true)
write_claims(now)
return 1

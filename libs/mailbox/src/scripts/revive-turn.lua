-- needs: turn
-- Gives a queued or sleeping turn whose job is gone from its queue a new job, unless the turn has changed meanwhile.

enter(args.prefix)
local turn = redis.call('HMGET', mailbox_of(args.target) .. keys.turn, 'state', 'job')
if turn[2] ~= args.job or turn[1] == turnStates.running then return {} end
local now = clock(args.now)
local job = plan_turn(args.channel, args.target, turnStates.queued, now)
return { answers.wake { channel = args.channel, target = args.target, job = job, replaces = 0 } }

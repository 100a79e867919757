-- needs: mailbox, health
-- Resumes a target whose settings have changed: its retries are due now, and its failures say nothing any more.

enter(args.prefix)
resume_due(args.target)
forget_failures(args.target)
if redis.call('EXISTS', mailbox_of(args.target) .. keys.records) == 0 then return {} end
return { wake(args.channel, args.target, clock(args.now), true) }

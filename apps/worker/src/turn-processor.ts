import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { queueName, type RetryResult, type TurnResult, turnSchema } from '#libs/contracts';
import { jobNumber, type Turns } from '#libs/delivery';
import { targetName } from '#libs/mailbox';
import { turnFailed } from './failed-turn.js';

export const TURNS = Symbol('turns of a channel, by its name');
export const RETRY = Symbol('what is done when a failed turn is called for again');

/** Replays deliveries, by their ids. */
export type Retry = (ids: readonly string[]) => Promise<RetryResult>;

/** Turns of one channel that a process takes at once. One waits most of its time, for receivers and for Redis. */
const TURNS_AT_ONCE = 64;
const LOCK_MS = 15_000;
/** This only tidies the queue: a turn whose worker died is called for anew by the sweeper. */
const STALLED_CHECK_MS = 30_000;
/** An idle worker asks its queue so often whether it is there; a job ends the wait at once. */
const IDLE_WAIT_SECONDS = 50;
/** A turn that comes back does no harm, so it may come back as often as it must. */
const STALLED_MAX = 1_000;

/** The processor of a channel's queue. Nest wants a class a queue; each differs by the name of its channel only. */
export function turnProcessor(channel: string): Type<WorkerHost> {
  @Processor(queueName(channel), {
    concurrency: TURNS_AT_ONCE,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: STALLED_MAX,
    drainDelay: IDLE_WAIT_SECONDS,
  })
  class TurnProcessor extends WorkerHost {
    constructor(
      @Inject(TURNS) private readonly turns: ReadonlyMap<string, Turns>,
      @Inject(RETRY) private readonly retry: Retry,
    ) {
      super();
    }

    /** A turn in which deliveries died fails; called for again on the queue board, what died in it is replayed. */
    override async process(job: Job): Promise<TurnResult | RetryResult> {
      const { endpointId, targetId, did } = turnSchema.parse(job.data);
      if (did && job.attemptsMade > 0) return this.retry(did.died);
      // The turn is over; its worker ended before it could say so, or it was there only to tell.
      if (did) throw turnFailed(did);
      const turns = this.turns.get(channel);
      if (!turns || job.id === undefined) throw new Error(`no turns for channel ${channel}`);
      const result = await turns.run({ channel, target: targetName(endpointId, targetId) }, jobNumber(job.id));
      if (result.dead === 0) return result;
      // Without it, as when Redis is full, a retry finds nothing to do.
      await job.updateData({ endpointId, targetId, did: result }).catch(() => {});
      throw turnFailed(result);
    }
  }
  return TurnProcessor;
}

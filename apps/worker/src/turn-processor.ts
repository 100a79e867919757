import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, type Type } from '@nestjs/common';
import type { Job } from 'bullmq';
import { queueName, type RetryResult, type TurnResult, turnSchema } from '#libs/contracts';
import { jobNumber } from '#libs/delivery';
import { targetName } from '#libs/mailbox';
import { DeliverySide } from './delivery-side.js';
import { turnFailed } from './failed-turn.js';

/** Most turns of one channel that run at once; a turn mostly waits, for receivers and for Redis. */
const TURNS_AT_ONCE = 64;
const LOCK_MS = 15_000;
/** Keeps the queue tidy only: the sweeper revives the turns of a worker that died. */
const STALLED_CHECK_MS = 30_000;
/**
 * Interval at which an idle worker checks its connection to the queue; a job ends the wait at once. A connection is replaced
 * if it is silent for longer (`libs/redis/src/connection/connection.ts`).
 */
const IDLE_WAIT_SECONDS = 50;
/** Practically unlimited, because a turn that runs again does no harm. */
const STALLED_MAX = 1_000;

/** Returns the processor class of a channel's queue, since Nest requires one class for each queue. */
export function turnProcessor(channel: string): Type<WorkerHost> {
  @Processor(queueName(channel), {
    concurrency: TURNS_AT_ONCE,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: STALLED_MAX,
    drainDelay: IDLE_WAIT_SECONDS,
  })
  class TurnProcessor extends WorkerHost {
    constructor(@Inject(DeliverySide) private readonly delivery: DeliverySide) {
      super();
    }

    /** Runs a turn. It fails if deliveries ended dead; a retry on the queue board replays those. */
    override async process(job: Job): Promise<TurnResult | RetryResult> {
      const { endpointId, targetId, did } = turnSchema.parse(job.data);
      if (did && job.attemptsMade > 0) return this.delivery.retry(did.died);
      // A late report, or a turn whose worker died before the job could fail.
      if (did) throw turnFailed(did);
      const turns = this.delivery.turns.get(channel);
      if (!turns || job.id === undefined) throw new Error(`no turns for channel ${channel}`);
      const result = await turns.run({ channel, target: targetName(endpointId, targetId) }, jobNumber(job.id));
      if (result.dead === 0) return result;
      // If this fails, as in a full Redis, a retry has nothing to replay.
      await job.updateData({ endpointId, targetId, did: result }).catch(() => {});
      throw turnFailed(result);
    }
  }
  return TurnProcessor;
}

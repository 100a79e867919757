import { type Queue } from 'bullmq';
import type { Turn } from '#libs/contracts';
import { parseTargetName, type Wake } from '#libs/mailbox';
import type { Mailboxes, Place } from './mailboxes.js';

/** Finished turns kept for the queue board. */
const FINISHED_KEPT = 1_000;

/** The BullMQ side of turns: puts them into the queue of their channel. */
export interface TurnQueues {
  /** Does what the scripts ask for. */
  wake(wakes: readonly Wake[]): Promise<void>;
  add(place: Place, job: number, delayMs: number): Promise<void>;
  /** Whether the queue still holds the job, in whatever state but finished. */
  holds(place: Place, job: number): Promise<boolean>;
}

const jobId = (target: string, job: number): string => `${target}.${job}`;

/** The number of a turn's job, from its id in the queue. */
export const jobNumber = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

/** @param queueOf the queue of a channel; undefined for a channel that this version does not know */
export function createTurnQueues(queueOf: (channel: string) => Queue | undefined, mailboxes: Mailboxes): TurnQueues {
  const queues: TurnQueues = {
    async wake(wakes) {
      const added = Map.groupBy(
        wakes.filter((wake) => wake.action === 'add'),
        (wake) => wake.channel,
      );
      await Promise.all([
        ...[...added].map(([channel, some]) => queueOf(channel)?.addBulk(some.map((wake) => jobOf(wake, wake.job, 0)))),
        ...wakes.filter((wake) => wake.action === 'promote').map(promote),
      ]);
    },
    async add(place, job, delayMs) {
      const { name, data, opts } = jobOf(place, job, delayMs);
      await queueOf(place.channel)?.add(name, data, opts);
    },
    async holds(place, job) {
      const state = await queueOf(place.channel)?.getJobState(jobId(place.target, job));
      return state !== undefined && !['unknown', 'completed', 'failed'].includes(state);
    },
  };

  /** A job that is no longer delayed will run, or has been lost; then another takes its place. */
  async function promote(wake: Wake): Promise<void> {
    const job = await queueOf(wake.channel)?.getJob(jobId(wake.target, wake.job));
    const promoted = await job?.promote().then(
      () => true,
      () => false,
    );
    if (promoted || (await queues.holds(wake, wake.job))) return;
    await queues.wake(await mailboxes.revive(wake, wake.job));
  }

  return queues;
}

function jobOf(place: Place, job: number, delayMs: number) {
  const data: Turn = parseTargetName(place.target);
  return {
    name: 'turn',
    data,
    opts: {
      jobId: jobId(place.target, job),
      delay: delayMs,
      removeOnComplete: { count: FINISHED_KEPT },
      removeOnFail: { count: FINISHED_KEPT },
      stackTraceLimit: 1,
    },
  };
}

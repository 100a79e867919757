import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import { queueName, queuePrefix, type Turn, type TurnResult } from '#libs/contracts';
import type { TargetRef } from '#libs/mailbox';
import { parseTargetName, type Wake } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** Finished turns kept for the queue board. */
const FINISHED_KEPT = 1_000;

/** The BullMQ side of turns: puts them into the queue of their channel. */
export interface TurnQueues {
  /** Adds the jobs that the scripts ask for. */
  wake(wakes: readonly Wake[]): Promise<void>;
  add(ref: TargetRef, job: number, delayMs: number): Promise<void>;
  /**
   * Whether the job is still to come. One that a worker has fetched is none: it would have begun its turn long before
   * anybody asks.
   */
  holds(ref: TargetRef, job: number): Promise<boolean>;
  /**
   * Wakes the idle workers of a channel. They sleep until the mark that a job sets, and a worker that died just after it
   * took the mark has left the job without one.
   */
  ring(channel: string): Promise<void>;
  /** Has a job tell of what died at a target after its turn was over. */
  tell(ref: TargetRef, did: TurnResult): Promise<void>;
}

/** How the queue of each channel is registered: under its name, with a hash tag of its own. */
export const turnQueueOptions = (channels: readonly string[], connection: RedisClient) =>
  channels.map((channel) => ({ name: queueName(channel), prefix: queuePrefix(channel), connection }));

const jobId = (target: string, job: number): string => `${target}.${job}`;

/** The number of a turn's job, from its id in the queue. */
export const jobNumber = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

/**
 * @param queueOf the queue of a channel; undefined for a channel that this version does not know
 * @param redis to ring with; who never sweeps needs none
 */
export function createTurnQueues(queueOf: (channel: string) => Queue | undefined, redis?: RedisClient): TurnQueues {
  return {
    async wake(wakes) {
      const byChannel = Map.groupBy(wakes, (wake) => wake.channel);
      await Promise.all(
        [...byChannel].map(([channel, some]) =>
          queueOf(channel)?.addBulk(some.map((wake) => jobOf(wake, wake.job, 0))),
        ),
      );
      // A replaced job that stays would come and find that the turn is not its own; removing it only keeps the queue tidy.
      await Promise.all(
        wakes.flatMap(({ channel, target, replaces }) =>
          replaces === undefined ? [] : [queueOf(channel)?.remove(jobId(target, replaces))],
        ),
      );
    },
    async add(ref, job, delayMs) {
      const { name, data, opts } = jobOf(ref, job, delayMs);
      await queueOf(ref.channel)?.add(name, data, opts);
    },
    async holds(ref, job) {
      const state = await queueOf(ref.channel)?.getJobState(jobId(ref.target, job));
      return state !== undefined && !['unknown', 'active', 'completed', 'failed'].includes(state);
    },
    async ring(channel) {
      const queue = queueOf(channel);
      // As BullMQ's own scripts do it when they add a job.
      if (queue) await redis?.zadd(queue.toKey('marker'), 0, '0');
    },
    async tell(ref, did) {
      const { name, data, opts } = jobOf(ref, 0, 0);
      const jobId = `${ref.target}.${randomUUID()}`;
      await queueOf(ref.channel)?.add(name, { ...data, did }, { ...opts, jobId });
    },
  };
}

function jobOf(ref: TargetRef, job: number, delayMs: number) {
  const data: Turn = parseTargetName(ref.target);
  return {
    name: 'turn',
    data,
    opts: {
      jobId: jobId(ref.target, job),
      delay: delayMs,
      removeOnComplete: { count: FINISHED_KEPT },
      removeOnFail: { count: FINISHED_KEPT },
      stackTraceLimit: 1,
    },
  };
}

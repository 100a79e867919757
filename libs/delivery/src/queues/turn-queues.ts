import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import { queueName, queuePrefix, type Turn, type TurnResult } from '#libs/contracts';
import type { TargetRef } from '#libs/mailbox';
import { parseTargetName, type Wake } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** Ended jobs of each queue that are kept for the queue board. */
const FINISHED_KEPT = 1_000;

/** Enqueues turns as BullMQ jobs, in the queue of their channel. */
export interface TurnQueues {
  /** Adds the jobs that the scripts request, to run at once. */
  wake(wakes: readonly Wake[]): Promise<void>;
  add(ref: TargetRef, job: number, delayMs: number): Promise<void>;
  /**
   * Returns whether the job of an overdue turn still waits in its queue. A job that a worker has fetched counts as gone:
   * its turn would have begun long before a sweep looks for it. So does a delayed one: BullMQ ends delays by the wall
   * clocks of processes, which may have been set back since.
   */
  holds(ref: TargetRef, job: number): Promise<boolean>;
  /**
   * Wakes the idle workers of a channel. They sleep until a job sets a marker, and a worker that dies after removing the
   * marker leaves its job waiting.
   */
  wakeWorkers(channel: string): Promise<void>;
  /** Adds a failed job that shows the deliveries which died at a target after their turn had ended. */
  addLateReport(ref: TargetRef, did: TurnResult): Promise<void>;
}

/** Options to register the queue of each channel, with a hash tag of its own. */
export const turnQueueOptions = (channels: readonly string[], connection: RedisClient) =>
  channels.map((channel) => ({ name: queueName(channel), prefix: queuePrefix(channel), connection }));

const jobId = (target: string, job: number): string => `${target}.${job}`;

/** The number of a turn, from the id of its job. */
export const jobNumber = (id: string): number => Number(id.slice(id.lastIndexOf('.') + 1));

/**
 * @param queueOf the queue of a channel; undefined for a channel that this version does not have
 * @param redis needed by `wakeWorkers` only
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
      // Removed to keep the queue tidy: a replaced job would find that the turn is another job's.
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
      return state !== undefined && !['unknown', 'active', 'completed', 'failed', 'delayed'].includes(state);
    },
    async wakeWorkers(channel) {
      const queue = queueOf(channel);
      // The marker that BullMQ's own scripts set when they add a job.
      if (queue) await redis?.zadd(queue.toKey('marker'), 0, '0');
    },
    async addLateReport(ref, did) {
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

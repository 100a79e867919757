import type { TargetRef, Wake } from '#libs/mailbox';
import type { RedisWatch } from '#libs/redis';
import type { TurnQueues } from './turn-queues.js';

/** Most turns of one channel that run at once without their queue. */
const RUNNING_MAX = 32;
/** A turn with a longer delay is left to the sweeper. */
const DELAY_MS_MAX = 10_000;

/** Runs the turns of one channel in this process. */
interface TurnRunner {
  run(ref: TargetRef, job: number): Promise<unknown>;
}

export interface DirectTurnsDeps {
  queues: TurnQueues;
  /** Undefined for a channel that this process does not serve. */
  turnsOf(channel: string): TurnRunner | undefined;
  watch: Pick<RedisWatch, 'full' | 'note'>;
  onError(error: unknown): void;
}

/** Queues that work without BullMQ while Redis is full. */
export interface DirectTurns extends TurnQueues {
  /** No more turns begin. */
  stop(): void;
}

/**
 * Runs turns in this process while Redis is full. BullMQ's scripts need memory, so its workers run nothing then, although
 * deliveries are what frees memory. The mailboxes work in a full Redis, and a turn that runs twice does no harm. Turns
 * of channels that this process does not serve are found by the sweeper of a process that does.
 */
export function createDirectTurns({ queues, turnsOf, watch, onError }: DirectTurnsDeps): DirectTurns {
  /** By channel, the job of each waiting target; of two jobs the later one counts. */
  const waiting = new Map<string, Map<string, number>>();
  const running = new Map<string, number>();
  let stopped = false;

  function enqueue({ channel, target }: TargetRef, job: number): void {
    const turns = turnsOf(channel);
    if (!turns || stopped) return;
    const jobs = waiting.get(channel) ?? new Map<string, number>();
    waiting.set(channel, jobs.set(target, job));
    runWaiting(channel, turns, jobs);
  }

  function runWaiting(channel: string, turns: TurnRunner, jobs: Map<string, number>): void {
    for (const [target, job] of jobs) {
      const count = running.get(channel) ?? 0;
      if (count >= RUNNING_MAX || stopped) return;
      running.set(channel, count + 1);
      jobs.delete(target);
      void turns
        .run({ channel, target }, job)
        .catch(onError)
        .finally(() => {
          running.set(channel, (running.get(channel) ?? 1) - 1);
          runWaiting(channel, turns, jobs);
        });
    }
  }

  /** Returns whether the queue accepted it; false if Redis has no memory left. */
  async function tryQueue(add: () => Promise<void>): Promise<boolean> {
    if (watch.full()) return false;
    try {
      await add();
      return true;
    } catch (error) {
      if (watch.note(error)) return false;
      throw error;
    }
  }

  return {
    async wake(wakes: readonly Wake[]) {
      if (await tryQueue(() => queues.wake(wakes))) return;
      for (const wake of wakes) enqueue(wake, wake.job);
    },
    async add(ref, job, delayMs) {
      if (await tryQueue(() => queues.add(ref, job, delayMs))) return;
      if (delayMs === 0) enqueue(ref, job);
      else if (delayMs <= DELAY_MS_MAX) setTimeout(() => enqueue(ref, job), delayMs).unref();
    },
    async holds(ref, job) {
      if (waiting.get(ref.channel)?.get(ref.target) === job) return true;
      // Jobs in a queue do not run while Redis is full.
      return watch.full() ? false : queues.holds(ref, job);
    },
    async addLateReport(ref, did) {
      // Without memory for it nothing is added; the delivery log has the deliveries.
      await tryQueue(() => queues.addLateReport(ref, did));
    },
    async wakeWorkers(channel) {
      if (!watch.full()) await queues.wakeWorkers(channel);
    },
    stop() {
      stopped = true;
    },
  };
}

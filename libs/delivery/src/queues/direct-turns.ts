import type { TargetRef, Wake } from '#libs/mailbox';
import type { RedisWatch } from '#libs/redis';
import type { Turns } from '../turn/turns.js';
import type { TurnQueues } from './turn-queues.js';

/** Turns of one channel that run at once without their queue. */
const AT_ONCE = 32;
/** A turn that is to come later than this is left to the sweeper. */
const DELAY_MS_MAX = 10_000;

export interface DirectTurnsParts {
  queues: TurnQueues;
  /** The turns of a channel that this process serves. */
  turnsOf(channel: string): Turns | undefined;
  watch: Pick<RedisWatch, 'full' | 'note'>;
  onError(error: unknown): void;
}

/** Queues that do without BullMQ while Redis is full. */
export interface DirectTurns extends TurnQueues {
  /** No more turns begin. */
  stop(): void;
}

/**
 * BullMQ's scripts need memory, and so its workers run nothing at all in a Redis that has none left, although deliveries
 * are what frees it. Meanwhile whoever calls for a turn gets it run in this process: the truth is in the mailboxes, which
 * work in a full Redis, and a turn that comes twice or to a wrong place costs nothing. Turns of channels that this process does not
 * serve are found by the sweeper of one that does.
 */
export function createDirectTurns({ queues, turnsOf, watch, onError }: DirectTurnsParts): DirectTurns {
  /** By channel, the turns that wait here, by their target: of two, the later job is the one that counts. */
  const waiting = new Map<string, Map<string, number>>();
  const active = new Map<string, number>();
  let stopped = false;

  function enlist({ channel, target }: TargetRef, job: number): void {
    const turns = turnsOf(channel);
    if (!turns || stopped) return;
    const line = waiting.get(channel) ?? new Map<string, number>();
    waiting.set(channel, line.set(target, job));
    proceed(channel, turns, line);
  }

  function proceed(channel: string, turns: Turns, line: Map<string, number>): void {
    for (const [target, job] of line) {
      const running = active.get(channel) ?? 0;
      if (running >= AT_ONCE || stopped) return;
      active.set(channel, running + 1);
      line.delete(target);
      void turns
        .run({ channel, target }, job)
        .catch(onError)
        .finally(() => {
          active.set(channel, (active.get(channel) ?? 1) - 1);
          proceed(channel, turns, line);
        });
    }
  }

  /** Whether the queue took it; false when Redis has no memory for it. */
  async function queued(add: () => Promise<void>): Promise<boolean> {
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
      if (await queued(() => queues.wake(wakes))) return;
      for (const wake of wakes) enlist(wake, wake.job);
    },
    async add(ref, job, delayMs) {
      if (await queued(() => queues.add(ref, job, delayMs))) return;
      if (delayMs === 0) enlist(ref, job);
      else if (delayMs <= DELAY_MS_MAX) setTimeout(() => enlist(ref, job), delayMs).unref();
    },
    async holds(ref, job) {
      if (waiting.get(ref.channel)?.get(ref.target) === job) return true;
      // What stands in a queue does not come while Redis is full.
      return watch.full() ? false : queues.holds(ref, job);
    },
    async tell(ref, did) {
      // There is no room for words; the log has them.
      await queued(() => queues.tell(ref, did));
    },
    async ring(channel) {
      if (!watch.full()) await queues.ring(channel);
    },
    stop() {
      stopped = true;
    },
  };
}

import { nodesOf, type RedisClient } from '../connection/connection.js';
import { isOutOfMemory } from '../connection/failure.js';
import { MARKS } from './memory-marks.js';
import { fullnessOf, limitOf, troubleOf } from './redis-info.js';

const tooFull = (mark: number): string => `Redis is too full: over ${mark * 100} % of its maxmemory`;
/** Share of memory in use above which checks are frequent. */
const HALF = 0.5;
const LOOK_EVERY_MS = 1_000;
/** Time for which the result of a check is valid: a few portions of events. */
const FRESH_MS = 20;
/** Time for which `refusing` stays true after a refusal, since refused senders try again. */
const REFUSING_MS = 5_000;
/** Time limit of a check. Commands have longer, but a Redis that answers a check later is not reliable. */
const ANSWER_MS_MAX = 2_000;

/** State of Redis by the last check. */
export interface RedisWatch {
  /**
   * Reason why Redis cannot accept events now; undefined if it can.
   * @param mark share of the memory limit from which it is too full; by default the one for posted events
   */
  trouble(mark?: number): string | undefined;
  /** Share of the memory limit in use, of the fullest node; 0 without a limit. */
  fullness(): number;
  /** Whether Redis is too full for new events, or refused some recently. */
  refusing(): boolean;
  /** Whether details of successful deliveries are to be shed. */
  pressed(): boolean;
  /** Whether Redis may refuse commands that need memory. */
  full(): boolean;
  /** Records an error; returns true if it means that Redis is out of memory. */
  note(error: unknown): boolean;
  /**
   * Announces bytes that are about to be written, so that a small Redis does not overflow between two checks. Bytes
   * announced since the last check count as used. If they could reach the mark, Redis is checked again first;
   * concurrent announcements share a check.
   * @returns a function to call when they are written, or will not be
   */
  announce(bytes: number): Promise<() => void>;
  /** Calls a listener after each check. */
  onLook(listener: () => void): void;
  stop(): void;
}

export interface RedisWatchOptions {
  /** Accepts events although Redis may lose them, by the operator's choice. */
  allowUnsafe: boolean;
  /** Interval of checks while Redis is less than half full, in milliseconds. */
  calmEveryMs?: number;
}

/**
 * Watches whether events are safe in Redis: it answers, has memory, and loses no data (no eviction, an append-only
 * file).
 */
export function watchRedis(redis: RedisClient, { allowUnsafe, calmEveryMs }: RedisWatchOptions): RedisWatch {
  let trouble: string | undefined = 'Redis has not answered yet';
  let limit = Number.POSITIVE_INFINITY;
  let fullness = 0;
  /** Announced bytes that are not written yet; `since`: those written since the last check began. */
  let inFlight = 0;
  let since = 0;
  let lookedAt = 0;
  let tooMuchAt = Number.NEGATIVE_INFINITY;
  let refused = false;
  let stopped = false;
  let looking: Promise<void> | undefined;
  const listeners: (() => void)[] = [];

  async function ask(): Promise<void> {
    const late = setTimeout(() => {
      trouble = 'Redis does not answer';
    }, ANSWER_MS_MAX);
    since = 0;
    try {
      const nodes = nodesOf(redis);
      if (nodes.length === 0) throw new Error('no node of the Redis Cluster is known');
      const infos = await Promise.all(nodes.map((node) => node.call('INFO', 'memory', 'persistence').then(String)));
      lookedAt = performance.now();
      fullness = Math.max(...infos.map(fullnessOf));
      limit = Math.min(...infos.map(limitOf));
      if (fullness < MARKS.bypass) refused = false;
      trouble = infos.map((info) => troubleOf(info, allowUnsafe)).find((found) => found !== undefined);
    } catch {
      trouble = 'Redis does not answer';
    } finally {
      clearTimeout(late);
    }
  }
  function look(): Promise<void> {
    looking ??= ask().finally(() => {
      looking = undefined;
      if (!stopped) for (const listener of listeners) listener();
    });
    return looking;
  }
  async function loop(): Promise<void> {
    while (!stopped) {
      await look();
      const calm = trouble === undefined && fullness < HALF && !refused;
      const pauseMs = calm ? (calmEveryMs ?? LOOK_EVERY_MS) : LOOK_EVERY_MS;
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
    }
  }
  void loop();
  /** Share of memory with the announced bytes; of several nodes as if all went to the smallest. */
  const expected = (): number => fullness + (since + inFlight) / limit;
  return {
    trouble(mark = MARKS.refuse) {
      if (trouble !== undefined || expected() < mark) return trouble;
      tooMuchAt = performance.now();
      return tooFull(mark);
    },
    refusing: () => fullness >= MARKS.refuse || performance.now() - tooMuchAt < REFUSING_MS,
    fullness: () => fullness,
    pressed: () => fullness >= MARKS.shed || refused,
    full: () => fullness >= MARKS.bypass || refused,
    note(error) {
      if (!isOutOfMemory(error)) return false;
      if (!refused) {
        refused = true;
        void look();
      }
      return true;
    },
    async announce(bytes) {
      inFlight += bytes;
      if (expected() >= HALF && performance.now() - lookedAt >= FRESH_MS) await look();
      return () => {
        inFlight -= bytes;
        since += bytes;
      };
    },
    onLook: (listener) => void listeners.push(listener),
    stop() {
      stopped = true;
    },
  };
}

import { nodesOf, type RedisClient } from './connection.js';
import { isOutOfMemory } from './failure.js';

/** The marks of a filling Redis, as shares of its memory limit. */
export const MARKS = {
  /** No new events are taken, so that what Redis holds can still be delivered. */
  refuse: 0.8,
  /** What is told of successful deliveries is only counted. */
  shed: 0.9,
  /** Turns are run without BullMQ, whose scripts need memory that may be gone any moment. */
  bypass: 0.95,
} as const;

const tooFull = (mark: number): string => `Redis is too full: over ${mark * 100} % of its maxmemory`;
/** From here on it is of use to look more often than now and then. */
const HALF = 0.5;
const LOOK_EVERY_MS = 1_000;
/** What a look found holds for so long: a few portions of events. */
const FRESH_MS = 20;
/** So long after a refusal `refusing` still says so: those who were refused come again. */
const REFUSING_MS = 5_000;
/** Commands have longer; but a Redis that takes so long to say how it is cannot be relied on. */
const ANSWER_MS_MAX = 2_000;

/** How Redis is, as far as is known. */
export interface RedisWatch {
  /**
   * Why Redis can not take events now; undefined when it can.
   * @param mark the share of the memory limit from which it is too full, that for posted events unless given
   */
  trouble(mark?: number): string | undefined;
  /** Share of the memory limit in use, of the fullest node; 0 without a limit. */
  fullness(): number;
  /** Too full for new events, or too full lately for those that somebody wanted to write. */
  refusing(): boolean;
  /** What is told of successful deliveries is to be shed. */
  pressed(): boolean;
  /** Redis may refuse what needs memory. */
  full(): boolean;
  /** Takes note of an error; true for one that says that Redis is out of memory. */
  note(error: unknown): boolean;
  /**
   * Announces what is about to be written, so that a small Redis is not overrun between two looks: what has been
   * announced since the last look counts as there, and where that could matter Redis is looked at again first; those who
   * announce together share a look.
   * @returns to be called when it is written, or not to be
   */
  announce(bytes: number): Promise<() => void>;
  /** Called after each look. */
  onLook(listener: () => void): void;
  stop(): void;
}

export interface RedisWatchOptions {
  /** Takes events although Redis may lose them; for those who have decided so. */
  allowUnsafe: boolean;
  /** How often to look while Redis is less than half full. */
  calmEveryMs?: number;
}

/**
 * Watches whether events are safe in Redis: it answers, has room, keeps what it is given (no eviction, append-only
 * file on).
 */
export function watchRedis(redis: RedisClient, { allowUnsafe, calmEveryMs }: RedisWatchOptions): RedisWatch {
  let trouble: string | undefined = 'Redis has not answered yet';
  let limit = Number.POSITIVE_INFINITY;
  let fullness = 0;
  /** Announced bytes: not yet written, and written since the last look began. */
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
  /** With what is announced; on several nodes as though all of it went to the smallest. */
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

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

/** Infinite where there is none, of use for comparing only. */
const limitOf = (info: string): number => Number(field(info, 'maxmemory') ?? 0) || Number.POSITIVE_INFINITY;

const fullnessOf = (info: string): number => Number(field(info, 'used_memory') ?? 0) / limitOf(info);

function troubleOf(info: string, allowUnsafe: boolean): string | undefined {
  const policy = field(info, 'maxmemory_policy');
  if (!allowUnsafe && policy !== undefined && policy !== 'noeviction') {
    return `Redis evicts data when it is full (maxmemory-policy is ${policy}, must be noeviction)`;
  }
  if (!allowUnsafe && field(info, 'aof_enabled') === '0')
    return 'Redis keeps no append-only file (appendonly must be yes)';
  return undefined;
}

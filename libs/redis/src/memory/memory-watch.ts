import { nodesOf, type RedisClient } from '../connection/connection.js';
import { hasWriteFailed, isOutOfMemory } from '../connection/failure.js';
import { fullnessOf, limitOf, troubleOf } from '../connection/redis-info.js';
import type { DiskReserve, DiskSpace } from '../persistence/disk-reserve.js';
import { createFileWatch } from '../persistence/file-watch.js';
import { MARKS } from './memory-marks.js';

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
  /** Reason why the append-only file or its disk takes no events now; undefined if it does. */
  fileTrouble(): string | undefined;
  /** Free space and reserve of the disk; undefined if it cannot be seen from here. */
  diskSpace(): DiskSpace | undefined;
  /** Fault of this version of Redis that an operator should know; undefined if it has none. */
  versionFault(): string | undefined;
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
  /** Watches the append-only file too, and has it rewritten after a failed write; with its disk, if that is here. */
  file?: { disk?: DiskReserve | undefined };
}

/**
 * Watches whether events are safe in Redis: it answers, has memory, and loses no data (no eviction, an append-only
 * file that it can write and rewrite, with room on its disk).
 */
export function watchRedis(redis: RedisClient, { allowUnsafe, calmEveryMs, file }: RedisWatchOptions): RedisWatch {
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
  const files = file && createFileWatch(file);

  async function ask(): Promise<void> {
    const late = setTimeout(() => {
      trouble = 'Redis does not answer';
    }, ANSWER_MS_MAX);
    since = 0;
    try {
      const nodes = nodesOf(redis);
      if (nodes.length === 0) throw new Error('no node of the Redis Cluster is known');
      const infos = await Promise.all(
        nodes.map((node) => node.call('INFO', 'server', 'memory', 'persistence').then(String)),
      );
      lookedAt = performance.now();
      fullness = Math.max(...infos.map(fullnessOf));
      limit = Math.min(...infos.map(limitOf));
      if (fullness < MARKS.bypass) refused = false;
      await files?.check(nodes, infos);
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
      const closed = trouble ?? files?.trouble(mark <= MARKS.refuse, since + inFlight);
      if (closed !== undefined || expected() < mark) return closed;
      tooMuchAt = performance.now();
      return tooFull(mark);
    },
    refusing: () => fullness >= MARKS.refuse || performance.now() - tooMuchAt < REFUSING_MS,
    fullness: () => fullness,
    fileTrouble: () => files?.trouble(true, since + inFlight),
    diskSpace: () => files?.diskSpace(),
    versionFault: () => files?.versionFault(),
    pressed: () => fullness >= MARKS.shed || refused,
    full: () => fullness >= MARKS.bypass || refused,
    note(error) {
      if (hasWriteFailed(error)) {
        files?.noteFailed();
        void look();
      }
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
      await files?.checkFree();
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

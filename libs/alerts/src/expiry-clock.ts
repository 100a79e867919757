import { defineScript, type RedisClient, runScript } from '#libs/redis';

/** What the lease clock shows, in milliseconds. It shows no time of day. */
export interface ClockReading {
  shows: number;
  /** What it showed when it last began to move again after a standstill. */
  resumed: number;
}

/**
 * A clock that all processes share, and that moves only while events can be taken: whoever can take them says so now and
 * then, and a pause in which nobody did does not count.
 */
export interface LeaseClock {
  /** Says that events can be taken. To be called every second. */
  beat(): Promise<ClockReading>;
  /** For whoever takes events right now, which is as good as a beat where the last one was long ago. */
  read(): Promise<ClockReading>;
}

const BEAT = defineScript('beat', [new URL('./lua/beat.lua', import.meta.url)], { whenFull: true });
const CLOCK_KEY = 'tocsin:{lease-clock}';
/** Three beats lost are a standstill. */
export const PAUSE_MS_MAX = 3_000;
/** So long a process goes on counting by itself. */
const FRESH_MS = 2_000;

export interface ClockOptions {
  /** A clock of this process that never goes back, in milliseconds. */
  elapsed(): number;
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
}

export function createLeaseClock(redis: RedisClient, { elapsed, now }: ClockOptions): LeaseClock {
  let known: (ClockReading & { at: number }) | undefined;
  let asking: Promise<ClockReading> | undefined;

  async function ask(): Promise<ClockReading> {
    const at = elapsed();
    const answer = (await runScript(redis, BEAT, CLOCK_KEY, [PAUSE_MS_MAX, now?.() ?? ''])) as [string, string];
    known = { at, shows: Number(answer[0]), resumed: Number(answer[1]) };
    return known;
  }
  function beat(): Promise<ClockReading> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }
  return {
    beat,
    async read() {
      const age = known ? elapsed() - known.at : Number.POSITIVE_INFINITY;
      if (!known || age > FRESH_MS) return beat();
      return { shows: known.shows + Math.floor(age), resumed: known.resumed };
    },
  };
}

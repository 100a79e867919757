import { defineScript, number, optionalNumber, type RedisClient, row, runScript } from '#libs/redis';

/** The expiry clock at one moment, in milliseconds. It does not show the time of day. */
export interface ClockReading {
  shows: number;
  /** The reading at which it last began to move again after a standstill. */
  resumed: number;
}

/**
 * A clock that all processes share and that moves only while events can be taken in. Processes that can take events
 * in beat it; a pause without beats does not count.
 */
export interface ExpiryClock {
  /** Reports that events can be taken in. To be called every second. */
  beat(): Promise<ClockReading>;
  /** For a process that is taking events in: beats the clock if the last beat is long ago. */
  read(): Promise<ClockReading>;
}

const BEAT = defineScript({
  name: 'expiry-clock',
  file: new URL('./expiry-clock.lua', import.meta.url),
  whenFull: true,
  args: { pauseMsMax: number, now: optionalNumber },
  answer: row('reading', { shows: number, resumed: number }),
});
const CLOCK_KEY = 'tocsin:{lease-clock}';
/** Three missed beats are a standstill. */
export const PAUSE_MS_MAX = 3_000;
/** A process extrapolates its last reading this long before it asks Redis again. */
const FRESH_MS = 2_000;

export interface ClockOptions {
  /** A clock of this process that never goes back, in milliseconds. */
  elapsed(): number;
  /** Overrides the clock of Redis, in epoch milliseconds. */
  now?: () => number;
}

export function createExpiryClock(redis: RedisClient, { elapsed, now }: ClockOptions): ExpiryClock {
  let known: (ClockReading & { at: number }) | undefined;
  let asking: Promise<ClockReading> | undefined;

  async function ask(): Promise<ClockReading> {
    const at = elapsed();
    known = { at, ...(await runScript(redis, BEAT, CLOCK_KEY, { pauseMsMax: PAUSE_MS_MAX, now: now?.() })) };
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

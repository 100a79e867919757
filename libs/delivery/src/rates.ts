import { hash } from 'node:crypto';
import { defineScript, type RedisClient, runScript } from '#libs/redis';

const RATE = defineScript('rate', [new URL('./lua/rate.lua', import.meta.url)], { whenFull: true });

/** Times of sends are kept to this part of a window, rounded up. */
const GRAINS = 1_000;

/** Sends that a credential allows now. */
export interface Grant {
  count: number;
  /** Where there are none: in how many milliseconds there may be. */
  waitMs: number;
  /** So many of them were sent, and are over; the others are given back. */
  land(sent: number): Promise<void>;
}

export interface RateLimit {
  max: number;
  perMs: number;
}

/** What counts sends together: everything that uses one credential of one channel. */
export interface Metered {
  /** Names the credential without telling it. */
  meter: string;
  /** All that hold for it; none: it is not limited. */
  limits: readonly RateLimit[];
}

/** Keeps the sends of a credential within its limits, over all endpoints and processes that use it. */
export interface Rates {
  /**
   * @param target who asks; those who share a credential get equal shares where it is not enough for all
   * @param takesMs by when a send is over for certain, should its process end before it says so
   */
  ask(metered: Metered, target: string, wanted: number, takesMs: number): Promise<Grant>;
  /** The provider asked for a pause. */
  hold(metered: Metered, ms: number): Promise<void>;
}

/** The name of a credential's sends: a hash, since the credential may be a secret. */
export const meterOf = (channel: string, credential: string): string =>
  hash('sha256', `${channel}\u0000${credential}`, 'base64url').slice(0, 22);

/** @param now overrides Redis' clock, in epoch milliseconds */
export function createRates(redis: RedisClient, newToken: () => string, now?: () => number): Rates {
  const run = (meter: string, ...args: (string | number)[]): Promise<unknown> =>
    runScript(redis, RATE, `tocsin:{rate:${meter}}`, [now?.() ?? '', ...args]);
  return {
    async ask({ meter, limits }, target, wanted, takesMs) {
      if (limits.length === 0 || wanted === 0) return { count: wanted, waitMs: 0, land: async () => {} };
      const token = newToken();
      const bounds = limits.flatMap(({ max, perMs }) => [max, perMs]);
      const grain = Math.max(1, Math.floor(Math.min(...limits.map(({ perMs }) => perMs)) / GRAINS));
      const reply = await run(meter, 'ask', token, target, wanted, takesMs, ...bounds);
      const [count, waitMs] = reply as [number, number];
      return {
        count,
        waitMs: count > 0 ? 0 : waitMs,
        async land(sent) {
          if (count > 0) await run(meter, 'land', token, target, sent, grain);
        },
      };
    },
    async hold({ meter, limits }, ms) {
      if (limits.length > 0) await run(meter, 'hold', '', '', ms);
    },
  };
}

import { hash } from 'node:crypto';
import { defineScript, type RedisClient, runScript } from '#libs/redis';

const RATE = defineScript('rate', [new URL('./rates.lua', import.meta.url)], { whenFull: true });

/** Sends that the rate of a credential allows now. */
export interface Grant {
  count: number;
  /** If there are none: milliseconds until there may be one. */
  waitMs: number;
  /** Reports how many of them are started; the others are given back. */
  use(started: number): Promise<void>;
  /** Reports that the started sends are over. */
  finish(sent: number): Promise<void>;
}

/** The grant of a credential without limits. */
export const unlimited = (count: number): Grant => ({
  count,
  waitMs: 0,
  use: async () => {},
  finish: async () => {},
});

export interface RateRequest {
  /** The requesting target; targets of one credential get equal shares when the rate is not enough for all. */
  target: string;
  count: number;
  /** As many deliveries are known to wait; otherwise there may be fewer. */
  certain: boolean;
  /** Most time a send takes; it counts as over after that if its process dies. */
  takesMs: number;
}

export interface RateLimit {
  max: number;
  perMs: number;
}

/** The sends that count together: all that use one credential of one channel. */
export interface Metered {
  /** Hashed name of the credential. */
  meter: string;
  /** All limits of the credential; none if it is not limited. */
  limits: readonly RateLimit[];
}

/** Limits the sends of a credential, over all endpoints and processes that use it. */
export interface Rates {
  ask(metered: Metered, request: RateRequest): Promise<Grant>;
  /** Stops the sends of a credential for a time, at the provider's request. */
  pause(metered: Metered, ms: number): Promise<void>;
}

/** The hashed name of a credential, which may be a secret. */
export const meterOf = (channel: string, credential: string): string =>
  hash('sha256', `${channel}\u0000${credential}`, 'base64url').slice(0, 22);

/**
 * @param newGrantId unique for each request, so that a repeated call is recognised
 * @param now overrides the clock of Redis, in epoch milliseconds
 */
export function createRates(redis: RedisClient, newGrantId: () => string, now?: () => number): Rates {
  const run = (meter: string, ...args: (string | number)[]): Promise<unknown> =>
    runScript(redis, RATE, `tocsin:{rate:${meter}}`, [now?.() ?? '', ...args]);
  return {
    async ask({ meter, limits }, { target, count: wanted, certain, takesMs }) {
      if (limits.length === 0 || wanted === 0) return unlimited(wanted);
      const grantId = newGrantId();
      const bounds = limits.flatMap(({ max, perMs }) => [max, perMs]);
      const reply = await run(meter, 'ask', grantId, target, wanted, takesMs, certain ? 1 : 0, ...bounds);
      const [count, waitMs] = reply as [number, number];
      if (count === 0) return { ...unlimited(0), waitMs };
      return {
        count,
        waitMs: 0,
        async use(started) {
          if (started < count) await run(meter, 'use', grantId, target, started, takesMs);
        },
        async finish(sent) {
          await run(meter, 'finish', grantId, target, sent);
        },
      };
    },
    async pause({ meter, limits }, ms) {
      if (limits.length > 0) await run(meter, 'pause', '', '', ms);
    },
  };
}

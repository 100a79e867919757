import { hash } from 'node:crypto';
import {
  defineScript,
  flag,
  number,
  optional,
  optionalNumber,
  type RedisClient,
  row,
  runScript,
  text,
  word,
} from '#libs/redis';

type Act = 'ask' | 'use' | 'finish' | 'pause';

const RATES = defineScript({
  name: 'rates',
  file: new URL('./rates.lua', import.meta.url),
  whenFull: true,
  args: {
    now: optionalNumber,
    act: word<Act>(),
    grant: text,
    target: text,
    count: number,
    takesMs: number,
    certain: flag,
  },
  list: { limits: { max: number, perMs: number } },
  answer: optional(row('grant', { count: number, waitMs: number })),
});

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
  const run = (
    meter: string,
    act: Act,
    call: { grant?: string; target?: string; count: number; takesMs?: number; certain?: boolean },
    limits: readonly RateLimit[] = [],
  ) =>
    runScript(redis, RATES, `tocsin:{rate:${meter}}`, {
      now: now?.(),
      act,
      grant: '',
      target: '',
      takesMs: 0,
      certain: false,
      ...call,
      limits,
    });
  return {
    async ask({ meter, limits }, { target, count: wanted, certain, takesMs }) {
      if (limits.length === 0 || wanted === 0) return unlimited(wanted);
      const grant = newGrantId();
      const granted = await run(meter, 'ask', { grant, target, count: wanted, takesMs, certain }, limits);
      const { count, waitMs } = granted ?? { count: 0, waitMs: 0 };
      if (count === 0) return { ...unlimited(0), waitMs };
      return {
        count,
        waitMs: 0,
        async use(started) {
          if (started < count) await run(meter, 'use', { grant, target, count: started, takesMs });
        },
        async finish(sent) {
          await run(meter, 'finish', { grant, target, count: sent });
        },
      };
    },
    async pause({ meter, limits }, ms) {
      if (limits.length > 0) await run(meter, 'pause', { count: ms });
    },
  };
}

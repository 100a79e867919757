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

const RATES = defineScript({
  name: 'rates',
  file: new URL('./rates.lua', import.meta.url),
  whenFull: true,
  args: {
    now: optionalNumber,
    act: word<'ask' | 'use' | 'finish' | 'hold'>(),
    token: text,
    target: text,
    count: number,
    takesMs: number,
    certain: flag,
  },
  list: { limits: { max: number, perMs: number } },
  answer: optional(row('grant', { count: number, waitMs: number })),
});

/** Sends that a credential allows now. */
export interface Grant {
  count: number;
  /** Where there are none: in how many milliseconds there may be. */
  waitMs: number;
  /** Only so many of them are sent; the others are given back. */
  use(sent: number): Promise<void>;
  /** So many of them were sent, and are over. */
  land(sent: number): Promise<void>;
}

/** Of what is not limited. */
export const freely = (count: number): Grant => ({ count, waitMs: 0, use: async () => {}, land: async () => {} });

/** What is asked for. */
export interface Wish {
  /** Who asks; those who share a credential get equal shares where it is not enough for all. */
  target: string;
  count: number;
  /** Whether so much waits; otherwise it may be less. */
  certain: boolean;
  /** By when a send is over for certain, should its process end before it says so. */
  takesMs: number;
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
  ask(metered: Metered, wish: Wish): Promise<Grant>;
  /** The provider asked for a pause. */
  hold(metered: Metered, ms: number): Promise<void>;
}

/** The name of a credential's sends: a hash, since the credential may be a secret. */
export const meterOf = (channel: string, credential: string): string =>
  hash('sha256', `${channel}\u0000${credential}`, 'base64url').slice(0, 22);

/** @param now overrides Redis' clock, in epoch milliseconds */
export function createRates(redis: RedisClient, newToken: () => string, now?: () => number): Rates {
  const run = (
    meter: string,
    act: 'ask' | 'use' | 'finish' | 'hold',
    call: { token?: string; target?: string; count: number; takesMs?: number; certain?: boolean },
    limits: readonly RateLimit[] = [],
  ) =>
    runScript(redis, RATES, `tocsin:{rate:${meter}}`, {
      now: now?.(),
      act,
      token: '',
      target: '',
      takesMs: 0,
      certain: false,
      ...call,
      limits,
    });
  return {
    async ask({ meter, limits }, { target, count: wanted, certain, takesMs }) {
      if (limits.length === 0 || wanted === 0) return freely(wanted);
      const token = newToken();
      const granted = await run(meter, 'ask', { token, target, count: wanted, takesMs, certain }, limits);
      const { count, waitMs } = granted ?? { count: 0, waitMs: 0 };
      if (count === 0) return { ...freely(0), waitMs };
      return {
        count,
        waitMs: 0,
        async use(sent) {
          if (sent < count) await run(meter, 'use', { token, target, count: sent, takesMs });
        },
        async land(sent) {
          await run(meter, 'finish', { token, target, count: sent });
        },
      };
    },
    async hold({ meter, limits }, ms) {
      if (limits.length > 0) await run(meter, 'hold', { count: ms });
    },
  };
}

import type { Outcome } from '#libs/contracts';
import { defineScript, type RedisClient, runScript } from '#libs/redis';

/** What is known of a credential: its token, or why it has none. */
export type KnownToken = { readonly token: string } | { readonly refusal: Outcome };

/** Encrypts and decrypts one text, which opens only as what it was sealed as. */
export interface TokenBox {
  seal(plain: string, as: string): string;
  open(sealed: string, as: string): string;
}

export interface SharedTokensParts {
  redis: RedisClient;
  box: TokenBox;
  /** Names a secret without telling it. */
  nameOf(secret: string): string;
  /** Unlike any other process' name. */
  process: string;
  /** Hears of what could not be shared; that is no reason not to deliver. */
  onError(error: unknown): void;
}

/** What a process is to do that has no token. */
export type Advice =
  | { readonly do: 'use'; readonly known: KnownToken; readonly forMs: number }
  /** Another process asks the provider. */
  | { readonly do: 'wait' }
  /** Ask the provider. Nobody else does as long as this goes on, or Redis is away. */
  | { readonly do: 'ask' };

/** What all processes know of credentials: in Redis, under names that tell nothing, sealed. Never throws. */
export interface SharedTokens {
  /** @param refused the token that the provider no longer takes */
  ask(credential: string, refused?: string): Promise<Advice>;
  /** Says every now and then that this process is still asking the provider. */
  goOn(credential: string): { stop(): void };
  /** Ends asking, with what it came to. */
  keep(credential: string, known: KnownToken, forMs: number): Promise<void>;
  /** Ends asking, with nothing that would be of use to others. */
  give(credential: string): Promise<void>;
}

const TOKEN = defineScript('token', [new URL('./shared-tokens.lua', import.meta.url)], { whenFull: true });

/** So long after it died, another process takes the place of who asked. */
const ASKING_MS = 3_000;
/** Redis is quicker, or away: a delivery can do without it. */
const REDIS_MS_MAX = 1_000;

export function createSharedTokens({ redis, box, nameOf, process, onError }: SharedTokensParts): SharedTokens {
  const keyOf = (credential: string): string => `tocsin:{token:${nameOf(credential)}}`;

  async function run(key: string, act: string, ...args: (string | number)[]): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((_, reject) => {
      const error = new Error(`Redis did not answer within ${REDIS_MS_MAX} ms`);
      timer = setTimeout(() => reject(error), REDIS_MS_MAX);
    });
    const answer = runScript(redis, TOKEN, key, [act, process, ...args]);
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  const tell = (key: string, act: string, ...args: (string | number)[]): Promise<void> =>
    run(key, act, ...args).then(() => {}, onError);

  return {
    async ask(credential, refused) {
      const key = keyOf(credential);
      try {
        const mark = refused === undefined ? '' : nameOf(refused);
        const [what, sealed, forMs] = (await run(key, 'ask', ASKING_MS, mark)) as [string, string, number];
        if (what === 'wait') return { do: 'wait' };
        if (what === 'known') return { do: 'use', known: JSON.parse(box.open(sealed, key)) as KnownToken, forMs };
      } catch (error) {
        onError(error);
      }
      return { do: 'ask' };
    },
    goOn(credential) {
      const timer = setInterval(() => void tell(keyOf(credential), 'renew', ASKING_MS), ASKING_MS / 3);
      return { stop: () => clearInterval(timer) };
    },
    async keep(credential, known, forMs) {
      const key = keyOf(credential);
      const mark = 'token' in known ? nameOf(known.token) : '-';
      await tell(key, 'keep', Math.ceil(forMs), mark, box.seal(JSON.stringify(known), key));
    },
    give: (credential) => tell(keyOf(credential), 'give'),
  };
}

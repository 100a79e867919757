import { type Outcome, within } from '#libs/contracts';
import { defineScript, number, numeral, optional, type RedisClient, row, runScript, text, word } from '#libs/redis';

/** The access token of a credential, or the outcome of a provider that refused to issue one. */
export type KnownToken = { readonly token: string } | { readonly refusal: Outcome };

/** Encrypts and decrypts a text, bound to the name under which it is stored. */
export interface TokenBox {
  seal(plain: string, as: string): string;
  open(sealed: string, as: string): string;
}

export interface SharedAccessTokensDeps {
  redis: RedisClient;
  box: TokenBox;
  /** Derives a name from a secret without revealing it. */
  nameOf(secret: string): string;
  /** Unique name of this process. */
  process: string;
  /** Called when Redis fails; deliveries go on without sharing. */
  onError(error: unknown): void;
}

/** The next step of a process that needs an access token. */
export type NextStep =
  | { readonly do: 'use'; readonly known: KnownToken; readonly forMs: number }
  /** Another process is requesting the token. */
  | { readonly do: 'wait' }
  /** Request the token from the provider. No other process does so until the request ends, unless Redis is away. */
  | { readonly do: 'request' };

/** Access tokens that all processes share, sealed in Redis under hashed names. Methods never throw. */
export interface SharedAccessTokens {
  /** @param refused the token that the provider no longer accepts */
  find(credential: string, refused?: string): Promise<NextStep>;
  /** Marks every second, until stopped, that this process is still requesting the token. */
  keepRequesting(credential: string): { stop(): void };
  /** Ends the request and shares its result. */
  share(credential: string, known: KnownToken, forMs: number): Promise<void>;
  /** Ends the request without a result that others could use. */
  release(credential: string): Promise<void>;
}

type Act = 'find' | 'renew' | 'share' | 'release';

const ACCESS_TOKENS = defineScript({
  name: 'shared-access-tokens',
  file: new URL('./shared-access-tokens.lua', import.meta.url),
  whenFull: true,
  args: { act: word<Act>(), process: text, ms: numeral, mark: text, sealed: text },
  answer: optional(row('step', { step: word<'use' | 'wait' | 'request'>(), sealed: text, forMs: number })),
});

/** Another process takes the request over this long after the requesting process died. */
const REQUEST_MS = 3_000;
/** Time limit of a call to Redis; after it this process requests a token of its own. */
const REDIS_MS_MAX = 1_000;

export function createSharedAccessTokens(deps: SharedAccessTokensDeps): SharedAccessTokens {
  const { redis, box, nameOf, process, onError } = deps;
  const keyOf = (credential: string): string => `tocsin:{token:${nameOf(credential)}}`;

  const run = (key: string, act: Act, given: { ms?: number; mark?: string; sealed?: string } = {}) =>
    within(REDIS_MS_MAX, runScript(redis, ACCESS_TOKENS, key, { act, process, ms: 0, mark: '', sealed: '', ...given }));

  const attempt = (...call: Parameters<typeof run>): Promise<void> => run(...call).then(() => {}, onError);

  return {
    async find(credential, refused) {
      const key = keyOf(credential);
      try {
        const mark = refused === undefined ? '' : nameOf(refused);
        const found = await run(key, 'find', { ms: REQUEST_MS, mark });
        if (found?.step === 'wait') return { do: 'wait' };
        if (found?.step === 'use') {
          return { do: 'use', known: JSON.parse(box.open(found.sealed, key)) as KnownToken, forMs: found.forMs };
        }
      } catch (error) {
        onError(error);
      }
      return { do: 'request' };
    },
    keepRequesting(credential) {
      const timer = setInterval(() => void attempt(keyOf(credential), 'renew', { ms: REQUEST_MS }), REQUEST_MS / 3);
      return { stop: () => clearInterval(timer) };
    },
    async share(credential, known, forMs) {
      const key = keyOf(credential);
      const mark = 'token' in known ? nameOf(known.token) : '-';
      await attempt(key, 'share', { ms: Math.ceil(forMs), mark, sealed: box.seal(JSON.stringify(known), key) });
    },
    release: (credential) => attempt(keyOf(credential), 'release'),
  };
}

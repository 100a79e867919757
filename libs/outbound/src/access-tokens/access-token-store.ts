import { LRUCache } from 'lru-cache';
import { type IssuedToken, NotIssued, type TokenRequest } from '#libs/channels';
import type { KnownToken, SharedAccessTokens } from './shared-access-tokens.js';

export interface AccessTokenStoreDeps {
  shared: SharedAccessTokens;
  sleep(ms: number): Promise<unknown>;
  /** Monotonic clock in milliseconds. */
  now(): number;
  /** Aborted when the process stops waiting. A request that fails for that reason is not shared as a refusal. */
  signal: AbortSignal;
}

/** The end of a token's life that is not used: a message may still be in flight, and clocks differ. */
const MARGIN_MS = 300_000;
const MARGIN_SHARE = 0.1;
/** Pause after a refusal before the provider is asked again. */
const REFUSAL_MS = 2_000;
/** Pauses between looks while another process requests the token. */
const POLL_MS = 50;
const POLL_MS_MAX = 400;
/** Longer than providers take; after it a process requests the token itself. */
const WAIT_MS_MAX = 15_000;
/** Far more credentials than an installation has. */
const KNOWN_MAX = 2_000;

/**
 * Returns access tokens. Of all processes only the first requests a credential's token; the others share it. A known
 * token is used without a call to Redis, until it expires or the provider refuses it.
 */
export function createAccessTokenStore(deps: AccessTokenStoreDeps): (request: TokenRequest) => Promise<string> {
  const { now } = deps;
  const cache = new LRUCache<string, { known: KnownToken; expiresAt: number }>({ max: KNOWN_MAX });
  const finding = new Map<string, Promise<KnownToken>>();

  function cached(credential: string, refused: string | undefined): KnownToken | undefined {
    const found = cache.get(credential);
    return found && found.expiresAt > now() && !isRefused(found.known, refused) ? found.known : undefined;
  }

  async function find(request: TokenRequest): Promise<KnownToken> {
    const { credential } = request;
    const next = await nextStep(request, deps);
    const { known, forMs } = next.do === 'use' ? next : await requestToken(request, deps);
    cache.set(credential, { known, expiresAt: now() + forMs });
    return known;
  }

  function findOnce(request: TokenRequest): Promise<KnownToken> {
    const found = find(request).finally(() => finding.delete(request.credential));
    finding.set(request.credential, found);
    return found;
  }

  return async function token(request) {
    const { credential, refused } = request;
    for (;;) {
      const known = cached(credential, refused);
      if (known) return tokenOf(known);
      const others = finding.get(credential);
      if (!others) return tokenOf(await findOnce(request));
      const found = await others;
      if (!isRefused(found, refused)) return tokenOf(found);
    }
  };
}

const isRefused = (known: KnownToken, refused: string | undefined): boolean =>
  'token' in known && known.token === refused;

function tokenOf(known: KnownToken): string {
  if ('token' in known) return known.token;
  throw new NotIssued(known.refusal);
}

/** Waits while another process requests the token. */
async function nextStep({ credential, refused }: TokenRequest, { shared, sleep, now }: AccessTokenStoreDeps) {
  const giveUpAt = now() + WAIT_MS_MAX;
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(2 * pauseMs, POLL_MS_MAX)) {
    const next = await shared.find(credential, refused);
    if (next.do !== 'wait' || now() >= giveUpAt) return next;
    await sleep(pauseMs);
  }
}

async function requestToken({ credential, issue }: TokenRequest, { shared, signal }: AccessTokenStoreDeps) {
  const requesting = shared.keepRequesting(credential);
  try {
    const { value, lifetimeMs } = await issue();
    const known = { token: value };
    const forMs = usableMs(lifetimeMs);
    await (forMs > 0 ? shared.share(credential, known, forMs) : shared.release(credential));
    return { known, forMs };
  } catch (error) {
    if (!(error instanceof NotIssued) || signal.aborted) {
      await shared.release(credential);
      throw error;
    }
    const known = { refusal: error.outcome };
    await shared.share(credential, known, REFUSAL_MS);
    return { known, forMs: REFUSAL_MS };
  } finally {
    requesting.stop();
  }
}

const usableMs = (lifetimeMs: IssuedToken['lifetimeMs']): number =>
  Math.max(0, lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE)) || 0;

import { type IssuedToken, NotIssued, type TokenRequest } from '#libs/channels';
import type { KnownToken, SharedTokens } from './shared-tokens.js';

export interface TokenStoreParts {
  shared: SharedTokens;
  sleep(ms: number): Promise<unknown>;
  /** Milliseconds that pass evenly, from any beginning. */
  now(): number;
  /** Ended when the process gives up waiting: what it was refused then, others need not be. */
  signal: AbortSignal;
}

/** The last of a token's life is not used: a message may be under way when it ends, and clocks differ. */
const MARGIN_MS = 300_000;
const MARGIN_SHARE = 0.1;
/** A provider that gave no token is not asked again for so long. */
const REFUSAL_MS = 2_000;
/** While another process asks the provider. */
const POLL_MS = 50;
const POLL_MS_MAX = 400;
/** Longer than providers take; after it a process asks by itself. */
const WAIT_MS_MAX = 15_000;
/** Far more credentials than an installation has; those of settings that are no more fall out. */
const KNOWN_MAX = 2_000;

/**
 * Tokens of credentials, asked for once by whichever process is first. What is known is used without a call to Redis,
 * until it runs out or the provider refuses it.
 */
export function createTokenStore(parts: TokenStoreParts): (request: TokenRequest) => Promise<string> {
  const { now } = parts;
  const here = new Map<string, { known: KnownToken; until: number }>();
  const underWay = new Map<string, Promise<KnownToken>>();

  function remember(credential: string, known: KnownToken, forMs: number): KnownToken {
    here.delete(credential);
    here.set(credential, { known, until: now() + forMs });
    if (here.size > KNOWN_MAX) here.delete(here.keys().next().value ?? '');
    return known;
  }

  function recall(credential: string, refused: string | undefined): KnownToken | undefined {
    const found = here.get(credential);
    return found && found.until > now() && !isRefused(found.known, refused) ? found.known : undefined;
  }

  async function find(request: TokenRequest): Promise<KnownToken> {
    const { credential } = request;
    const advice = await adviceFor(request, parts);
    if (advice.do === 'use') return remember(credential, advice.known, advice.forMs);
    const { known, forMs } = await askProvider(request, parts);
    return remember(credential, known, forMs);
  }

  function findOnce(request: TokenRequest): Promise<KnownToken> {
    const finding = find(request).finally(() => underWay.delete(request.credential));
    underWay.set(request.credential, finding);
    return finding;
  }

  return async function token(request) {
    const { credential, refused } = request;
    for (;;) {
      const known = recall(credential, refused);
      if (known) return tokenOf(known);
      const finding = underWay.get(credential);
      if (!finding) return tokenOf(await findOnce(request));
      const found = await finding;
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

/** What the other processes know, once none of them is asking the provider. */
async function adviceFor({ credential, refused }: TokenRequest, { shared, sleep, now }: TokenStoreParts) {
  const giveUpAt = now() + WAIT_MS_MAX;
  for (let pauseMs = POLL_MS; ; pauseMs = Math.min(2 * pauseMs, POLL_MS_MAX)) {
    const advice = await shared.ask(credential, refused);
    if (advice.do !== 'wait' || now() >= giveUpAt) return advice;
    await sleep(pauseMs);
  }
}

async function askProvider({ credential, issue }: TokenRequest, { shared, signal }: TokenStoreParts) {
  const asking = shared.goOn(credential);
  try {
    const { value, lifetimeMs } = await issue();
    const known = { token: value };
    const forMs = usableMs(lifetimeMs);
    await (forMs > 0 ? shared.keep(credential, known, forMs) : shared.give(credential));
    return { known, forMs };
  } catch (error) {
    if (!(error instanceof NotIssued) || signal.aborted) {
      await shared.give(credential);
      throw error;
    }
    const known = { refusal: error.outcome };
    await shared.keep(credential, known, REFUSAL_MS);
    return { known, forMs: REFUSAL_MS };
  } finally {
    asking.stop();
  }
}

const usableMs = (lifetimeMs: IssuedToken['lifetimeMs']): number =>
  Math.max(0, lifetimeMs - Math.min(MARGIN_MS, lifetimeMs * MARGIN_SHARE)) || 0;

import type { CancelReason, Outcome, OutcomeKind } from '#libs/contracts';

/** What happens to a delivery after an attempt. */
export type Verdict =
  | { verdict: 'delivered' }
  /** `named`: the provider said how long to wait. */
  | { verdict: 'again'; delayMs: number; failures: number; maybe: boolean; named: boolean }
  | { verdict: 'dead'; maybe: boolean }
  /** `delayMs`, `named`: how long the provider wants to be left alone by those that come after it. */
  | { verdict: 'cancelled'; reason: CancelReason; maybe: boolean; delayMs?: number; named?: boolean };

export interface Situation {
  /** Failures of this delivery so far that count for its backoff. */
  failures: number;
  /** Which attempt it was, from 1. */
  attempt: number;
  ageMs: number;
  expireAfterMs: number;
  /** From 0 up to but not including 1. */
  random: number;
}

const BACKOFF_FIRST_MS = 1_000;
/** The contract's longest distance between tries. */
const BACKOFF_MAX_MS = 10 * 60_000;
/** The longest a provider may ask to wait. */
const RETRY_AFTER_MAX_MS = 60 * 60_000;

/** Which kinds are tried again, and which of those count as failures. */
const TABLE: Record<OutcomeKind, 'done' | 'dead' | 'wait' | 'retry'> = {
  delivered: 'done',
  rejected: 'dead',
  misconfigured: 'dead',
  throttled: 'wait',
  unavailable: 'retry',
  unknown: 'retry',
};

/** Exponential from one second to ten minutes, the upper half of it at random so that retries spread. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 20), BACKOFF_MAX_MS);
  return Math.round(full * (0.5 + random / 2));
}

/** The one place that decides what an outcome leads to. */
export function decide(outcome: Outcome, situation: Situation): Verdict {
  const maybe = outcome.kind === 'unknown';
  const way = TABLE[outcome.kind];
  if (way === 'done') return { verdict: 'delivered' };
  if (way === 'dead') return { verdict: 'dead', maybe };
  const failures = situation.failures + (way === 'retry' ? 1 : 0);
  const asked = Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  // Asked to wait, the full time is waited; a provider that names none is given more of it with every attempt.
  const steps = way === 'wait' ? situation.attempt : failures;
  const delayMs = way === 'wait' && asked > 0 ? asked : Math.max(asked, backoffMs(steps, situation.random));
  if (situation.ageMs + delayMs > situation.expireAfterMs) {
    const pause = way === 'wait' ? { delayMs, named: asked > 0 } : {};
    return { verdict: 'cancelled', reason: 'expired', maybe, ...pause };
  }
  return { verdict: 'again', delayMs, failures, maybe, named: asked > 0 };
}

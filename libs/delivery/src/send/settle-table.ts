import type { CancelReason, Outcome, OutcomeKind } from '#libs/contracts';

/** The next step of a delivery after an attempt. */
export type Verdict =
  | { verdict: 'delivered' }
  /** `named`: the provider said how long to wait. */
  | { verdict: 'again'; delayMs: number; failures: number; maybe: boolean; named: boolean }
  | { verdict: 'dead'; maybe: boolean }
  /** `delayMs`, `named`: the pause that the provider asked for, which the following deliveries observe. */
  | { verdict: 'cancelled'; reason: CancelReason; maybe: boolean; delayMs?: number; named?: boolean };

export interface Situation {
  /** Earlier failures of this delivery that count for its backoff. */
  failures: number;
  /** Number of the attempt, from 1. */
  attempt: number;
  ageMs: number;
  expireAfterMs: number;
  /** From 0 up to but not including 1. */
  random: number;
}

const BACKOFF_FIRST_MS = 1_000;
/** Longest pause between attempts that the contract allows. */
const BACKOFF_MAX_MS = 10 * 60_000;
/** Longest pause that a provider may ask for. */
const RETRY_AFTER_MAX_MS = 60 * 60_000;

/** `wait` and `retry` are tried again; only `retry` counts as a failure. */
const TABLE: Record<OutcomeKind, 'done' | 'dead' | 'wait' | 'retry'> = {
  delivered: 'done',
  rejected: 'dead',
  misconfigured: 'dead',
  throttled: 'wait',
  unavailable: 'retry',
  unknown: 'retry',
};

/** Exponential backoff from one second to ten minutes; its upper half is random, so that retries spread. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 20), BACKOFF_MAX_MS);
  return Math.round(full * (0.5 + random / 2));
}

/** Decides the next step for an outcome; no other place does. */
export function decide(outcome: Outcome, situation: Situation): Verdict {
  const maybe = outcome.kind === 'unknown';
  const way = TABLE[outcome.kind];
  if (way === 'done') return { verdict: 'delivered' };
  if (way === 'dead') return { verdict: 'dead', maybe };
  const failures = situation.failures + (way === 'retry' ? 1 : 0);
  const asked = Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
  // A pause that the provider names is observed in full. One that it does not name grows with every attempt.
  const steps = way === 'wait' ? situation.attempt : failures;
  const delayMs = way === 'wait' && asked > 0 ? asked : Math.max(asked, backoffMs(steps, situation.random));
  if (situation.ageMs + delayMs > situation.expireAfterMs) {
    const pause = way === 'wait' ? { delayMs, named: asked > 0 } : {};
    return { verdict: 'cancelled', reason: 'expired', maybe, ...pause };
  }
  return { verdict: 'again', delayMs, failures, maybe, named: asked > 0 };
}

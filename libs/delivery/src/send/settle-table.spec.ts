import { describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, type Outcome } from '#libs/contracts';
import { backoffMs, decide, type Situation } from './settle-table.js';

const HOUR = 3_600_000;
const situation = (over: Partial<Situation> = {}): Situation => ({
  failures: 0,
  attempt: 1,
  ageMs: 0,
  expireAfterMs: 24 * HOUR,
  random: 0,
  ...over,
});
const outcome = (kind: Outcome['kind'], over: Partial<Outcome> = {}): Outcome => ({ kind, ...over });

describe('the backoff', () => {
  it('doubles from a second to ten minutes, jitter included', () => {
    const longest = Array.from({ length: 14 }, (_, i) => backoffMs(i + 1, 0.999_999));
    expect(longest.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(Math.max(...longest)).toBe(600_000);
    expect(backoffMs(1_000_000, 0)).toBe(300_000);
  });
});

describe('an outcome', () => {
  it.each([
    ['delivered', 'delivered'],
    ['rejected', 'dead'],
    ['misconfigured', 'dead'],
    ['throttled', 'again'],
    ['unavailable', 'again'],
    ['unknown', 'again'],
  ] as const)('%s leads to %s', (kind, verdict) => {
    expect(decide(outcome(kind), situation()).verdict).toBe(verdict);
  });

  it('of every kind has a next step', () => {
    for (const kind of OUTCOME_KINDS) expect(decide(outcome(kind), situation()).verdict).toBeTruthy();
  });

  it('throttled waits exactly the requested time, at most an hour, and is no failure', () => {
    const asked = (retryAfterMs: number) => decide(outcome('throttled', { retryAfterMs }), situation({ failures: 9 }));
    expect(asked(30_000)).toMatchObject({ delayMs: 30_000, failures: 9 });
    expect(asked(9 * HOUR)).toMatchObject({ delayMs: HOUR });
  });

  it('throttled without a requested time waits longer with every attempt', () => {
    const delays = [1, 2, 5, 20].map((attempt) => decide(outcome('throttled'), situation({ attempt })));
    expect(delays.map((verdict) => 'delayMs' in verdict && verdict.delayMs)).toEqual([500, 1_000, 8_000, 300_000]);
  });

  it('unavailable counts as a failure, and waits for the longer of backoff and requested time', () => {
    expect(decide(outcome('unavailable'), situation({ failures: 3 }))).toMatchObject({ delayMs: 4_000, failures: 4 });
    expect(decide(outcome('unavailable', { retryAfterMs: 60_000 }), situation())).toMatchObject({ delayMs: 60_000 });
  });

  it('unknown is marked as possibly delivered', () => {
    expect(decide(outcome('unknown'), situation())).toMatchObject({ verdict: 'again', maybe: true });
    expect(decide(outcome('unavailable'), situation())).toMatchObject({ maybe: false });
  });

  it('whose retry would come after the expiry ends the delivery', () => {
    const late = situation({ ageMs: 23.999_99 * HOUR });
    expect(decide(outcome('unavailable'), late)).toMatchObject({ verdict: 'cancelled', reason: 'expired' });
    expect(decide(outcome('delivered'), late)).toEqual({ verdict: 'delivered' });
    expect(decide(outcome('rejected'), late)).toMatchObject({ verdict: 'dead' });
  });

  it('throttled pauses the following deliveries for the requested time, even if its own delivery expires first', () => {
    const short = situation({ expireAfterMs: 300_000 });
    expect(decide(outcome('throttled', { retryAfterMs: 600_000 }), short)).toMatchObject({
      ...{ verdict: 'cancelled', reason: 'expired', delayMs: 600_000, named: true },
    });
  });
});

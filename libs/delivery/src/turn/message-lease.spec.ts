import { expect, it } from 'vitest';
import { elapsedMs, MessageLease } from './message-lease.js';

const DAY_MS = 86_400_000;

/** A lease of `a`, and of `b` behind it, with clocks that the test sets. */
function setUp() {
  const now = { monotonic: 1_000, wall: 5_000_000 };
  const readNow = () => ({ ...now });
  const deliveries = [
    { id: 'a', attempt: 1 },
    { id: 'b', attempt: 1, behind: true as const },
  ];
  return { now, readNow, lease: new MessageLease(deliveries, readNow(), readNow) };
}

it('holds for 10 s of the 12 s, counted from the request', () => {
  const { now, lease } = setUp();
  now.monotonic += 9_999;
  now.wall += 9_999;
  expect(lease.isHeld).toBe(true);
  now.monotonic += 1;
  expect(lease.isHeld).toBe(false);
});

it.each([
  ['the machine was suspended: only the wall clock advanced', { monotonic: 0, wall: 17_000 }],
  ['the process was stopped, and the wall clock was set back by a day', { monotonic: 17_000, wall: -DAY_MS }],
  ['the wall clock was set forward by a day', { monotonic: 0, wall: DAY_MS }],
])('has run out after %s', (_, step) => {
  const { now, lease } = setUp();
  now.monotonic += step.monotonic;
  now.wall += step.wall;
  expect(lease.isHeld).toBe(false);
});

it('holds after the wall clock was set back by a day', () => {
  const { now, lease } = setUp();
  now.wall -= DAY_MS;
  expect(lease.isHeld).toBe(true);
});

it('holds from the request of a renewal, also on a clock that was set', () => {
  const { now, readNow, lease } = setUp();
  now.wall += DAY_MS;
  lease.renew(readNow(), new Set(['a']));
  expect(lease.isHeld).toBe(true);
  now.monotonic += 10_000;
  expect(lease.isHeld).toBe(false);
});

it('is lost permanently when one of its deliveries was not renewed; those behind another have no lease', () => {
  const { readNow, lease } = setUp();
  expect(lease.attempts).toEqual([{ id: 'a', attempt: 1 }]);
  lease.renew(readNow(), new Set(['b']));
  expect(lease.isHeld).toBe(false);
  lease.renew(readNow(), new Set(['a']));
  expect(lease.isHeld).toBe(false);
});

it('measures by the clock that advanced more', () => {
  const since = { monotonic: 10, wall: 100 };
  expect(elapsedMs(since, { monotonic: 15, wall: 90 })).toBe(5);
  expect(elapsedMs(since, { monotonic: 10, wall: 108 })).toBe(8);
});

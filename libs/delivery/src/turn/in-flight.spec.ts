import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunningAttempt, TakenDelivery } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import { createInFlight, type FinishedSend } from './in-flight.js';
import { type MessageLease, readClocks } from './message-lease.js';
import { noResult } from './turn-report.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const finished = (lease: MessageLease): FinishedSend => ({
  destination: {} as Destination,
  report: { result: noResult(), reported: false },
  lease,
  settlements: [],
});

/** @param refuses ids whose leases Redis does not renew */
function setUp(refuses: readonly string[] = []) {
  const renewed: string[][] = [];
  const errors: unknown[] = [];
  const renewLeases = async (attempts: readonly RunningAttempt[]): Promise<string[]> => {
    const ids = attempts.map(({ id }) => id);
    renewed.push(ids);
    return ids.filter((id) => !refuses.includes(id));
  };
  const inFlight = createInFlight({ renewLeases, readClocks, onError: (error) => errors.push(error) });
  const add = (...ids: string[]): MessageLease =>
    inFlight.add(
      ids.map((id) => ({ id, attempt: 1 }) as TakenDelivery),
      readClocks(),
    );
  return { inFlight, renewed, errors, add };
}

it('renews the leases of deliveries that are sent or wait to be settled, and of no others', async () => {
  const { inFlight, renewed, add } = setUp();
  const [a, b] = [add('a'), add('b')];
  inFlight.finish(finished(a));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(renewed).toEqual([['b', 'a']]);
  inFlight.nextFinished();
  inFlight.remove(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(renewed.at(-1)).toEqual(['b']);
  inFlight.abandon(b);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(renewed).toHaveLength(2);
});

it('a renewed lease holds on; one that Redis does not renew is lost, and those of other messages are not', async () => {
  const { renewed, add } = setUp(['b']);
  const [a, b] = [add('a'), add('b')];
  await vi.advanceTimersByTimeAsync(3_999);
  expect([a.isHeld, b.isHeld]).toEqual([true, true]);
  await vi.advanceTimersByTimeAsync(1);
  expect([a.isHeld, b.isHeld]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(40_000);
  expect([a.isHeld, b.isHeld, renewed.length]).toEqual([true, false, 11]);
});

it('a lease that Redis cannot be asked to renew runs out, and the failure is reported', async () => {
  const errors: unknown[] = [];
  const inFlight = createInFlight({
    renewLeases: () => Promise.reject(new Error('away')),
    readClocks,
    onError: (error) => errors.push(error),
  });
  const lease = inFlight.add([{ id: 'a', attempt: 1 } as TakenDelivery], readClocks());
  await vi.advanceTimersByTimeAsync(9_999);
  expect(lease.isHeld).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect([lease.isHeld, errors.length]).toEqual([false, 2]);
});

it('asks one of the finished sends to settle, and the next one after that settling has ended', () => {
  const { inFlight, add } = setUp();
  const [a, b, c] = [add('a'), add('b'), add('c')];
  expect([inFlight.finish(finished(a)), inFlight.finish(finished(b))]).toEqual([true, false]);
  expect(inFlight.nextFinished().map(({ lease }) => lease)).toEqual([a, b]);
  expect(inFlight.nextFinished()).toEqual([]);
  expect(inFlight.finish(finished(c))).toBe(true);
});

it('keeps the lease of a delivery that is taken again while its former send is being removed', async () => {
  const { inFlight, renewed, add } = setUp();
  inFlight.finish(finished(add('a')));
  inFlight.nextFinished();
  add('a');
  inFlight.remove(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([inFlight.count, inFlight.sending, renewed]).toEqual([1, 1, [['a']]]);
});

it('ends the wait for settling when nothing is in flight', async () => {
  const { inFlight, add } = setUp();
  const lease = add('a', 'b');
  const settled = inFlight.settled();
  inFlight.finish(finished(lease));
  inFlight.remove(2);
  await settled;
  expect(inFlight.count).toBe(0);
});

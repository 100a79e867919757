import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Destination } from '../destination/destination.js';
import { createInFlight, type FinishedSend } from './in-flight.js';
import { noResult } from './turn-report.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const finished = (...ids: string[]): FinishedSend => ({
  destination: {} as Destination,
  report: { result: noResult(), reported: false },
  ids,
  settlements: [],
});

function setUp() {
  const renewed: string[][] = [];
  const inFlight = createInFlight(async (ids) => void renewed.push([...ids]));
  return { inFlight, renewed };
}

it('renews the leases of deliveries that are sent or wait to be settled, and of no others', () => {
  const { inFlight, renewed } = setUp();
  inFlight.add(['a', 'b']);
  inFlight.finish(finished('a'));
  vi.advanceTimersByTime(4_000);
  expect(renewed).toEqual([['b', 'a']]);
  inFlight.nextFinished();
  inFlight.remove(1);
  vi.advanceTimersByTime(4_000);
  expect(renewed.at(-1)).toEqual(['b']);
  inFlight.abandon(['b']);
  vi.advanceTimersByTime(60_000);
  expect(renewed).toHaveLength(2);
});

it('asks one of the finished sends to settle, and the next one after that settling has ended', () => {
  const { inFlight } = setUp();
  inFlight.add(['a', 'b', 'c']);
  expect([inFlight.finish(finished('a')), inFlight.finish(finished('b'))]).toEqual([true, false]);
  expect(inFlight.nextFinished().flatMap(({ ids }) => ids)).toEqual(['a', 'b']);
  expect(inFlight.nextFinished()).toEqual([]);
  expect(inFlight.finish(finished('c'))).toBe(true);
});

it('keeps the lease of a delivery that is taken again while its former send is being removed', () => {
  const { inFlight, renewed } = setUp();
  inFlight.add(['a']);
  inFlight.finish(finished('a'));
  inFlight.nextFinished();
  inFlight.add(['a']);
  inFlight.remove(1);
  vi.advanceTimersByTime(4_000);
  expect([inFlight.count, inFlight.sending, renewed]).toEqual([1, 1, [['a']]]);
});

it('ends the wait for settling when nothing is in flight', async () => {
  const { inFlight } = setUp();
  inFlight.add(['a', 'b']);
  const settled = inFlight.settled();
  inFlight.finish(finished('a', 'b'));
  inFlight.remove(2);
  await settled;
  expect(inFlight.count).toBe(0);
});

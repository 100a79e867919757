import { afterAll, beforeEach, expect, it } from 'vitest';
import { audit, IN_FLIGHT_LEASE_MS } from '#libs/mailbox';
import { endpoint, Gate } from '../admission/harness.js';

const gate = new Gate(10, [endpoint({ pushPeriodMs: 0 })]);
beforeEach(() => gate.flush());
afterAll(() => gate.close());

/** Copies all data of Redis; the result restores it, like a restart that lost the last writes. */
async function remember(): Promise<() => Promise<void>> {
  const keys = await gate.redis.keys('*');
  const dumps = await Promise.all(keys.map((key) => gate.redis.dumpBuffer(key)));
  return async () => {
    await gate.redis.flushdb();
    await Promise.all(keys.map((key, i) => gate.redis.restore(key, 0, dumps[i] as Buffer)));
  };
}

/** Titles of the deliveries that a turn takes; all of them are delivered. */
async function send(): Promise<string[]> {
  const taken = await gate.run('delivered', { pushPeriodMs: 0 });
  return taken.map(({ event }) => JSON.parse(event).title);
}

it('a success whose delivery waits again behind an earlier one, since Redis forgot the last writes, is sent after it', async () => {
  for (const title of ['first', 'second', 'third']) await gate.admit([gate.incoming('fatal', { title })]);
  const first = await gate.take();
  const rollBack = await remember();
  await gate.settle(first, 'delivered', { pushPeriodMs: 0 });
  const second = await gate.take();
  await rollBack();

  await gate.settle(second, 'delivered', { pushPeriodMs: 0 });
  expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 0, pending: 3, imbalance: 0 });
  gate.now += IN_FLIGHT_LEASE_MS;
  await gate.sweep();
  expect(await send()).toEqual(['first']);
  expect(await send()).toEqual(['second']);
  expect(await send()).toEqual(['third']);
  expect(await audit(gate.redis)).toMatchObject({ delivered: 3, pending: 0, imbalance: 0 });
});

import { afterAll, beforeEach, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
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

it('a success whose delivery Redis forgot to be in flight counts, and order and ledger stay correct', async () => {
  for (const title of ['first', 'second', 'third']) await gate.admit([gate.incoming('fatal', { title })]);
  const first = await gate.take();
  const rollBack = await remember();
  await gate.settle(first, 'delivered', { pushPeriodMs: 0 });
  const second = await gate.take();
  await rollBack();

  await gate.settle(second, 'delivered', { pushPeriodMs: 0 });
  expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 1, pending: 2, imbalance: 0 });
  await gate.settle(first, 'delivered', { pushPeriodMs: 0 });
  const third = await gate.take();
  expect(third.map(({ event }) => JSON.parse(event).title)).toEqual(['third']);
  await gate.settle(third, 'delivered', { pushPeriodMs: 0 });
  expect(await audit(gate.redis)).toMatchObject({ delivered: 3, pending: 0, imbalance: 0 });
});

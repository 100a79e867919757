import { afterAll, beforeEach, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { endpoint, Gate } from '../admission/harness.js';

const LEASE_MS = 12_000;
const gate = new Gate(9, [endpoint({ pushPeriodMs: 0 })]);
beforeEach(async () => {
  await gate.flush();
  await gate.prove();
});
afterAll(() => gate.close());

/** Takes as many deliveries as allowed, like a worker that then dies. */
async function takeAndDie() {
  const taken = await gate.take('t', 'e1', 1_000);
  gate.now += LEASE_MS;
  await gate.sweep();
  return taken;
}

it('turns that end their worker take fewer and fewer, until the culprit is alone, and that delivery is given up', async () => {
  const killer = 'o0';
  await gate.admit(Array.from({ length: 300 }, (_, i) => gate.incoming('fatal', { object: `o${i}` })));
  const sizes: number[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const taken = await takeAndDie();
    sizes.push(taken.length);
    if (taken.some(({ endsWorker }) => endsWorker)) {
      expect(taken.map(({ event }) => JSON.parse(event).object)).toEqual([killer]);
      break;
    }
  }
  expect(sizes).toEqual([100, 100, 100, 50, 25, 12, 6, 3, 1, 1, 1]);
});

it('one settlement shows that turns can finish, and they take the full number again', async () => {
  await gate.admit(Array.from({ length: 300 }, (_, i) => gate.incoming('fatal', { object: `o${i}` })));
  for (let turn = 0; turn < 6; turn++) await takeAndDie();
  const some = await gate.take('t', 'e1', 1_000);
  expect(some.length).toBeLessThan(50);
  await gate.settle(some, 'delivered', { pushPeriodMs: 0 });
  expect(await gate.take('t', 'e1', 1_000)).toHaveLength(100);
  expect((await audit(gate.redis)).imbalance).toBe(0);
});

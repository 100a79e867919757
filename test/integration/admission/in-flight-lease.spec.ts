import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, IN_FLIGHT_LEASE_MS, readLedger } from '#libs/mailbox';
import { endpoint, Gate } from './harness.js';

const gate = new Gate(14, [endpoint({ pushPeriodMs: 0 })]);
beforeEach(() => gate.flush());
afterAll(() => gate.close());

const numbers = (taken: { id: string; attempt: number }[]) => taken.map(({ id, attempt }) => ({ id, attempt }));
const levelsOf = (taken: { event: string }[]) => taken.map(({ event }) => JSON.parse(event).level);

/** A firing that a first worker took, and its recovery behind it. */
async function takenFiring() {
  await gate.prove();
  await gate.post('fatal');
  await gate.post('recovered');
  return gate.take();
}

/** The next turn, after the in-flight lease of the former one has expired. */
async function takenOver() {
  gate.now += IN_FLIGHT_LEASE_MS;
  await gate.sweep();
  return gate.take();
}

describe('renewing', () => {
  it('extends the lease of the running attempt', async () => {
    const first = await takenFiring();
    gate.now += IN_FLIGHT_LEASE_MS - 1;
    expect(await gate.renew(numbers(first))).toEqual(first.map(({ id }) => id));
    gate.now += IN_FLIGHT_LEASE_MS - 1;
    await gate.sweep();
    expect(await gate.take()).toEqual([]);
  });

  it('does not extend the lease of a later attempt of another worker, and reports the loss', async () => {
    const first = await takenFiring();
    const second = await takenOver();
    expect(numbers(second)).toEqual([{ id: first[0]?.id, attempt: 2 }]);
    gate.now += IN_FLIGHT_LEASE_MS - 1;
    expect(await gate.renew(numbers(first))).toEqual([]);
    gate.now += 1;
    await gate.sweep();
    expect(numbers(await gate.take())).toEqual([{ id: first[0]?.id, attempt: 3 }]);
  });

  it('extends an expired lease that no other worker has taken over', async () => {
    const first = await takenFiring();
    gate.now += IN_FLIGHT_LEASE_MS + 1;
    expect(await gate.renew(numbers(first))).toHaveLength(1);
    await gate.sweep();
    expect(await gate.take()).toEqual([]);
  });
});

describe('a delivery that was dropped', () => {
  it('is taken again at once under the same id, and nothing is counted as a failure', async () => {
    const first = await takenFiring();
    await gate.settle(first, 'released');
    const second = await gate.take();
    expect(second).toMatchObject([{ id: first[0]?.id, failures: 0 }]);
    expect(levelsOf(second)).toEqual(['fatal']);
    await gate.settle(second, 'delivered');
    expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
    expect((await gate.outcomes()).map(({ status, attempt }) => ({ status, attempt }))).toEqual([
      { status: 'delivered', attempt: undefined },
      { status: 'delivered', attempt: undefined },
    ]);
    expect(await audit(gate.redis)).toMatchObject({ admitted: 2, delivered: 2, pending: 0, imbalance: 0 });
    const ledger = await readLedger(gate.redis);
    expect([ledger.get('leaseExpired'), ledger.get('outcome:unknown')]).toEqual([1, undefined]);
  });

  it('stays with the worker that has taken it over', async () => {
    const first = await takenFiring();
    const second = await takenOver();
    await gate.settle(first, 'released');
    expect(await gate.take()).toEqual([]);
    await gate.settle(second, 'delivered');
    expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
  });

  it('a repeated release, whose answer was lost, does not release the next attempt', async () => {
    const first = await takenFiring();
    await gate.settle(first, 'released');
    const second = await gate.take();
    await gate.settle(first, 'released');
    expect(await gate.take()).toEqual([]);
    await gate.settle(second, 'delivered');
    expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
  });
});

describe('a late settling of a worker whose lease was taken over', () => {
  it('by a success does not let the recovery overtake the firing that another worker sends', async () => {
    const first = await takenFiring();
    const second = await takenOver();
    await gate.settle(first, 'delivered');
    expect(await gate.take()).toEqual([]);
    // The later attempt ends the delivery as delivered, although it failed.
    await gate.settle(second, 'again', { delayMs: 60_000, failures: 1 });
    expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
    expect(await audit(gate.redis)).toMatchObject({ admitted: 2, delivered: 2, pending: 0, imbalance: 0 });
  });

  it.each(['again', 'dead', 'cancelled'] as const)('by the verdict %s changes nothing', async (verdict) => {
    const first = await takenFiring();
    const second = await takenOver();
    await gate.settle(first, verdict, { delayMs: 1, failures: 1 });
    expect(await gate.take()).toEqual([]);
    await gate.settle(second, 'delivered');
    expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
    expect(await audit(gate.redis)).toMatchObject({ admitted: 2, delivered: 2, pending: 0, imbalance: 0 });
  });

  describe('by a digest', () => {
    /** A digest of a firing, its recovery and the next firing, whose lease has expired. */
    async function lostDigest() {
      await gate.prove();
      gate.digestOver = 1;
      await gate.post('fatal');
      await gate.post('recovered');
      await gate.post('fatal');
      const digest = await gate.take();
      expect(digest.map(({ behind = false }) => behind)).toEqual([false, true, true]);
      gate.digestOver = 0;
      return { digest, firing: await takenOver() };
    }

    it('sends again what was behind a firing, while that firing is in flight again: the state arrives last', async () => {
      const { digest, firing } = await lostDigest();
      await gate.settle(digest, 'delivered', { digest: { id: 'dg', first: false } });
      expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 0, pending: 3, imbalance: 0 });
      await gate.settle(firing, 'delivered');
      expect(levelsOf(await gate.run('delivered'))).toEqual(['recovered']);
      expect(levelsOf(await gate.run('delivered'))).toEqual(['fatal']);
      expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 3, pending: 0, imbalance: 0 });
    });

    it('sends again the firing that was behind a recovery, while that recovery is in flight on its own', async () => {
      const { digest, firing } = await lostDigest();
      await gate.settle(firing, 'delivered');
      const recovery = await gate.take();
      expect(levelsOf(recovery)).toEqual(['recovered']);
      await gate.settle(digest, 'delivered', { digest: { id: 'dg', first: false } });
      // The later attempt ends the recovery as delivered, although it failed.
      await gate.settle(recovery, 'again', { delayMs: 60_000, failures: 1 });
      expect(levelsOf(await gate.run('delivered'))).toEqual(['fatal']);
      expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 3, pending: 0, imbalance: 0 });
    });

    it('counts the arrival of what is sent again: the push keeps its claim', async () => {
      const { digest, firing } = await lostDigest();
      await gate.settle(digest, 'delivered', { digest: { id: 'dg', first: false } });
      await gate.settle(firing, 'delivered');
      await gate.run('dead');
      await gate.run('dead');
      expect(await gate.post('recovered')).toBe('queued');
    });
  });
});

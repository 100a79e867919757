import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { SettingsSource } from '#libs/contracts';
import { createHandover, type TurnQueues } from '#libs/delivery';
import { audit, claimHash, shardOf, shardPrefix, type TakenDelivery, type Wake } from '#libs/mailbox';
import { channel, DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';

const gate = new Gate(10, [endpoint()]);
const everyEvent = endpoint({ pushPeriodMs: 0 });
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [everyEvent];
  gate.digestOver = 3;
  await gate.prove();
});
afterAll(() => gate.close());

const post = async (count: number, from = 0) => {
  for (let i = from; i < from + count; i++) await gate.post('fatal', { object: `o${i}` });
};
const objects = (taken: readonly TakenDelivery[]): string[] =>
  taken.map(({ event }) => (JSON.parse(event) as { object: string }).object);
const levels = (taken: readonly TakenDelivery[]): string[] =>
  taken.map(({ event }) => (JSON.parse(event) as { level: string }).level);
const digest = { id: 'dg_1', first: true };
const chainOf = (object: string): string =>
  `${shardPrefix(shardOf('e1'))}box:e1.t:chain:${claimHash('default', 'p', object)}`;
const said = async () => (await gate.outcomes()).map(({ status, digest: told }) => [status, told]);

async function expectBooks(counts: Record<string, number>): Promise<void> {
  expect(await audit(gate.redis)).toMatchObject({ imbalance: 0, ...counts });
}

describe('what waits at a target', () => {
  it('is taken one by one up to what its rate carries, and all together above that', async () => {
    await post(3);
    expect(await gate.take('t', 'e1', 1)).toHaveLength(1);
    await post(2, 3);
    expect(objects(await gate.take('t', 'e1', 1))).toEqual(['o1', 'o2', 'o3', 'o4']);
  });

  it('is recorded as delivered in its digest, each by itself', async () => {
    await post(5);
    await gate.settle(await gate.take(), 'delivered', { digest });
    expect(await said()).toEqual(Array(5).fill(['delivered', 'dg_1']));
    await expectBooks({ admitted: 5, delivered: 5, pending: 0 });
  });

  it('comes again, together, when its digest was not taken', async () => {
    await post(5);
    await gate.settle(await gate.take(), 'again', { delayMs: MINUTE, failures: 1, digest });
    expect(await said()).toEqual(Array(5).fill(['retrying', undefined]));
    expect(await gate.take()).toEqual([]);
    gate.now += MINUTE;
    expect(await gate.take()).toHaveLength(5);
  });

  it('is told with fewer, down to one by one, where its digest was refused: one of it may have spoilt it', async () => {
    await post(6);
    gate.digestOver = 1;
    const refuse = async (together: number) => {
      const taken = await gate.take();
      await gate.settle(taken, 'again', { delayMs: 0, failures: 0, digest, together });
      return taken.length;
    };
    expect(await refuse(3)).toBe(6);
    const [first, second] = [await gate.take(), await gate.take()];
    expect([objects(first), objects(second)]).toEqual([
      ['o0', 'o1', 'o2'],
      ['o3', 'o4', 'o5'],
    ]);
    await gate.settle(first, 'delivered', { digest });
    await gate.settle(second, 'again', { delayMs: 0, failures: 0, digest, together: 1 });
    // What was not refused does not wait for what was.
    await post(2, 6);
    expect(objects(await gate.take())).toEqual(['o3']);
    for (const object of ['o4', 'o5']) expect(objects(await gate.take())).toEqual([object]);
    expect(objects(await gate.take())).toEqual(['o6', 'o7']);
  });

  it('comes again when the worker died with the digest in its hands', async () => {
    await post(8);
    expect(await gate.take()).toHaveLength(8);
    gate.now += MINUTE;
    await gate.sweep();
    // What may have ended a worker is not taken together with others until something has gone well.
    const again = await gate.take('t', 'e1', 2);
    expect(again).toHaveLength(2);
    await gate.settle(again, 'delivered');
    expect(await gate.take('t', 'e1', 2)).toHaveLength(6);
  });

  it('goes alone while the target has yet to show that it is back', async () => {
    await post(6);
    for (let i = 0; i < 5; i++) {
      const taken = await gate.take('t', 'e1', 50);
      const tried = { n: i + 1, startedAt: 0, durationMs: 5, outcome: 'unavailable' as const };
      await gate.settle(taken, 'again', { delayMs: 1, failures: 1, tried });
      gate.now += 2 * MINUTE;
    }
    expect(await gate.take('t', 'e1', 50)).toHaveLength(1);
  });
});

describe('what stands behind another of its key', () => {
  it('is told in the same digest, in order, and closes what it closes', async () => {
    await post(4);
    await gate.post('recovered', { object: 'o0' });
    await gate.post('fatal', { object: 'o0' });
    const taken = await gate.take();
    expect([objects(taken), levels(taken).slice(4)]).toEqual([
      ['o0', 'o1', 'o2', 'o3', 'o0', 'o0'],
      ['recovered', 'fatal'],
    ]);
    expect(taken.map(({ behind }) => behind ?? false)).toEqual([false, false, false, false, true, true]);
    await gate.settle(taken, 'delivered', { digest });
    await expectBooks({ admitted: 6, delivered: 6, pending: 0 });
    // The last of them fires: its recovery is told, and a second one has nothing to end.
    expect(await gate.post('recovered', { object: 'o0' })).toBe('queued');
    expect(await gate.post('recovered', { object: 'o0' })).toBe('recovery');
  });

  it('waits on where the digest was not taken, and goes when those before it are over', async () => {
    await post(4);
    await gate.post('recovered', { object: 'o0' });
    const taken = await gate.take();
    const heads = taken.filter(({ behind }) => !behind);
    expect(taken).toHaveLength(5);
    await gate.settle(heads, 'again', { delayMs: MINUTE, failures: 1, digest });
    expect(await gate.take()).toEqual([]);
    gate.now += MINUTE;
    const again = await gate.take();
    expect(levels(again)).toEqual(['fatal', 'fatal', 'fatal', 'fatal', 'recovered']);
    await gate.settle(again, 'delivered', { digest });
    await expectBooks({ delivered: 5, pending: 0 });
  });

  it('is cancelled with the firing that died in the digest', async () => {
    await post(4);
    await gate.post('recovered', { object: 'o0' });
    await gate.settle(
      (await gate.take()).filter(({ behind }) => !behind),
      'dead',
      { digest },
    );
    await expectBooks({ dead: 4, cancelled: 1, pending: 0 });
  });

  it('is not told where it is a recovery whose firings are gone, and is cancelled when its turn comes', async () => {
    await post(4);
    for (const level of ['recovered', 'fatal', 'recovered'] as const) await gate.post(level, { object: 'o0' });
    const firing = (await gate.redis.lrange(chainOf('o0'), 1, 1))[0] ?? '';
    expect(await gate.cancel([firing])).toEqual([firing]);
    const taken = await gate.take();
    expect(levels(taken)).toEqual(['fatal', 'fatal', 'fatal', 'fatal', 'recovered']);
    await gate.settle(taken, 'delivered', { digest });
    await expectBooks({ delivered: 5, cancelled: 2, pending: 0 });
  });

  it('is not told twice where the answer was lost and the digest is taken again by the same turn', async () => {
    const ref = { channel: 'http', target: 'e1.t' };
    gate.digestOver = 1;
    await post(3);
    const rules = {
      endpointInfo: undefined,
      pushPeriodMs: 0,
      expireAfterMs: 10 * MINUTE,
      fallback: '',
      open: true,
      digestOver: 1,
    };
    const ask = { job: 1, callId: 'same', max: 5 };
    const first = await gate.mailboxes.take(ref, ask, rules);
    const second = await gate.mailboxes.take(ref, ask, rules);
    expect(first?.deliveries).toHaveLength(3);
    expect(second).toMatchObject({ digest: true, deliveries: first?.deliveries.map(({ id }) => ({ id })) });
  });
});

it('what some recipients have taken is told together with what the same ones have taken, and with nothing else', async () => {
  await post(4);
  const someTookIt = { delayMs: MINUTE, failures: 1, remaining: ['late@'], partial: [] };
  await gate.settle(await gate.take(), 'again', { ...someTookIt, digest });
  await post(2, 4);
  gate.now += MINUTE;
  const [first, ...others] = [await gate.take(), await gate.take()];
  expect(first.map(({ earlier }) => earlier?.remaining)).toEqual(Array(4).fill(['late@']));
  expect(others.flat().map(({ earlier }) => earlier)).toEqual([undefined, undefined]);
});

it('the health of a target is learned once from a digest, not from each of it', async () => {
  await post(10);
  const taken = await gate.take();
  const tried = { n: 1, startedAt: 0, durationMs: 5, outcome: 'unavailable' as const };
  const ref = { channel: 'http', target: 'e1.t' };
  const settlements = taken.map(({ id }, i) => ({
    ...{ id, attempt: 1, verdict: 'again' as const, delayMs: 1, failures: 1, tried },
    digest: { id: 'dg_1', first: i === 0 },
  }));
  const rules = { endpointInfo: undefined, pushPeriodMs: 0, expireAfterMs: 10 * MINUTE, fallback: '', open: true };
  // Five failures would stop all sending.
  expect(await gate.mailboxes.settle(ref, settlements, rules)).toMatchObject({ settled: 10, health: 'good' });
});

describe('by what a provider knows the first message of an episode', () => {
  const receiptOf = async (level: 'fatal' | 'recovered', receipt?: string) => {
    await gate.post(level);
    const taken = await gate.take();
    await gate.settle(taken, 'delivered', receipt === undefined ? {} : { receipt });
    return taken[0]?.receipt;
  };

  it('is told with what follows in it, and forgotten with the next episode', async () => {
    gate.digestOver = 0;
    expect(await receiptOf('fatal', 'C1/1')).toBeUndefined();
    expect(await receiptOf('fatal', 'C1/2')).toBe('C1/1');
    expect(await receiptOf('recovered')).toBe('C1/1');
    expect(await receiptOf('fatal', 'C1/9')).toBeUndefined();
    expect(await receiptOf('recovered')).toBe('C1/9');
  });

  const receiptKeys = () => gate.redis.keys('*receipt:*');

  it('is kept for no more than an hour once the recovery is told: episodes that are over are many', async () => {
    gate.digestOver = 0;
    await receiptOf('fatal', 'C1/1');
    const [key = ''] = await receiptKeys();
    expect(await gate.redis.pttl(key)).toBeGreaterThan(7 * DAY);
    await receiptOf('recovered', 'C1/2');
    expect(await gate.redis.pttl(key)).toBeLessThanOrEqual(HOUR);
  });

  it('is known at a fallback endpoint too', async () => {
    gate.digestOver = 0;
    const handover = createHandover({
      redis: gate.redis,
      settings: { current: () => gate.settings, refresh: async () => gate.settings } as unknown as SettingsSource,
      queues: { wake: async (wakes: readonly Wake[]) => gate.woken(wakes) } as unknown as TurnQueues,
      channelOf: () => channel,
      onError: (error) => expect.unreachable(String(error)),
      now: () => gate.now,
    });
    gate.endpoints = [endpoint({ fallback: 'e2' }), endpoint({ id: 'e2' })];
    gate.settings = { ...gate.settings, policies: gate.settings.policies.map((p) => ({ ...p, endpointIds: ['e1'] })) };
    await gate.post('fatal');
    await gate.run('dead');
    await handover.carry(shardPrefix(shardOf('e1')));
    await gate.prove('t', 'e2');
    await gate.settle(await gate.take('t', 'e2'), 'delivered', { endpointId: 'e2', receipt: 'C2/1' });
    await gate.post('recovered');
    await gate.run('delivered');
    await handover.carry(shardPrefix(shardOf('e1')));
    expect((await gate.take('t', 'e2')).map(({ receipt }) => receipt)).toEqual(['C2/1']);
  });

  it('is the digest for what was first told in one', async () => {
    await post(4);
    await gate.settle(await gate.take(), 'delivered', { digest, receipt: 'C1/7' });
    await gate.post('recovered', { object: 'o2' });
    expect((await gate.take())[0]?.receipt).toBe('C1/7');
  });
});

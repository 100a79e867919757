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
const said = async () => (await gate.outcomes()).map(({ status, digest }) => [status, digest]);

async function expectBooks(counts: Record<string, number>): Promise<void> {
  expect(await audit(gate.redis)).toMatchObject({ imbalance: 0, ...counts });
}

describe('deliveries that wait at a target', () => {
  it('are taken one by one within the rate, and in one digest above it', async () => {
    await post(3);
    expect(await gate.take('t', 'e1', 1)).toHaveLength(1);
    await post(2, 3);
    expect(objects(await gate.take('t', 'e1', 1))).toEqual(['o1', 'o2', 'o3', 'o4']);
  });

  it('are recorded one by one as delivered in their digest', async () => {
    await post(5);
    await gate.settle(await gate.take(), 'delivered', { digest });
    expect(await said()).toEqual(Array(5).fill(['delivered', 'dg_1']));
    await expectBooks({ admitted: 5, delivered: 5, pending: 0 });
  });

  it('are tried again together if their digest was not accepted', async () => {
    await post(5);
    await gate.settle(await gate.take(), 'again', { delayMs: MINUTE, failures: 1, digest });
    expect(await said()).toEqual(Array(5).fill(['retrying', undefined]));
    expect(await gate.take()).toEqual([]);
    gate.now += MINUTE;
    expect(await gate.take()).toHaveLength(5);
  });

  it('are sent with fewer, down to one by one, if their digest was refused: one of them may be the cause', async () => {
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
    // Other deliveries do not wait for the refused ones.
    await post(2, 6);
    expect(objects(await gate.take())).toEqual(['o3']);
    for (const object of ['o4', 'o5']) expect(objects(await gate.take())).toEqual([object]);
    expect(objects(await gate.take())).toEqual(['o6', 'o7']);
  });

  it('are taken again if their worker died while it sent the digest', async () => {
    await post(8);
    expect(await gate.take()).toHaveLength(8);
    gate.now += MINUTE;
    await gate.sweep();
    // Deliveries that may have ended a worker are not combined until one settlement succeeds.
    const again = await gate.take('t', 'e1', 2);
    expect(again).toHaveLength(2);
    await gate.settle(again, 'delivered');
    expect(await gate.take('t', 'e1', 2)).toHaveLength(6);
  });

  it('are sent alone while the target is probed', async () => {
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

describe('a delivery behind another of its key', () => {
  it('is sent in the same digest, in order, and ends its episode', async () => {
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
    // The last of them fires: its recovery is sent, and a second one has nothing to end.
    expect(await gate.post('recovered', { object: 'o0' })).toBe('queued');
    expect(await gate.post('recovered', { object: 'o0' })).toBe('recovery');
  });

  it('waits if the digest was not accepted, and is sent after those before it', async () => {
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

  it('is cancelled with its firing that died in the digest', async () => {
    await post(4);
    await gate.post('recovered', { object: 'o0' });
    await gate.settle(
      (await gate.take()).filter(({ behind }) => !behind),
      'dead',
      { digest },
    );
    await expectBooks({ dead: 4, cancelled: 1, pending: 0 });
  });

  it('is left out if it is a recovery without firings, and cancelled when it is first', async () => {
    await post(4);
    for (const level of ['recovered', 'fatal', 'recovered'] as const) await gate.post(level, { object: 'o0' });
    const firing = (await gate.redis.lrange(chainOf('o0'), 1, 1))[0] ?? '';
    expect(await gate.cancel([firing])).toEqual([firing]);
    const taken = await gate.take();
    expect(levels(taken)).toEqual(['fatal', 'fatal', 'fatal', 'fatal', 'recovered']);
    await gate.settle(taken, 'delivered', { digest });
    await expectBooks({ delivered: 5, cancelled: 2, pending: 0 });
  });

  it('is not included twice if an answer was lost and the same turn takes the digest again', async () => {
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

it('partly accepted deliveries are combined only with those that the same recipients accepted', async () => {
  await post(4);
  const someTookIt = { delayMs: MINUTE, failures: 1, remaining: ['late@'], partial: [] };
  await gate.settle(await gate.take(), 'again', { ...someTookIt, digest });
  await post(2, 4);
  gate.now += MINUTE;
  const [first, ...others] = [await gate.take(), await gate.take()];
  expect(first.map(({ earlier }) => earlier?.remaining)).toEqual(Array(4).fill(['late@']));
  expect(others.flat().map(({ earlier }) => earlier)).toEqual([undefined, undefined]);
});

it('a digest counts once for the health of its target, not once per delivery', async () => {
  await post(10);
  const taken = await gate.take();
  const tried = { n: 1, startedAt: 0, durationMs: 5, outcome: 'unavailable' as const };
  const ref = { channel: 'http', target: 'e1.t' };
  const settlements = taken.map(({ id }, i) => ({
    ...{ id, attempt: 1, verdict: 'again' as const, delayMs: 1, failures: 1, tried },
    digest: { id: 'dg_1', first: i === 0 },
  }));
  const rules = { endpointInfo: undefined, pushPeriodMs: 0, expireAfterMs: 10 * MINUTE, fallback: '', open: true };
  // Five failures would open the breaker.
  expect(await gate.mailboxes.settle(ref, settlements, rules)).toMatchObject({ settled: 10, health: 'good' });
});

describe('the receipt of the first message of an episode', () => {
  const receiptOf = async (level: 'fatal' | 'recovered', receipt?: string) => {
    await gate.post(level);
    const taken = await gate.take();
    await gate.settle(taken, 'delivered', receipt === undefined ? {} : { receipt });
    return taken[0]?.receipt;
  };

  it('is passed to later messages of the episode, and forgotten with the next one', async () => {
    gate.digestOver = 0;
    expect(await receiptOf('fatal', 'C1/1')).toBeUndefined();
    expect(await receiptOf('fatal', 'C1/2')).toBe('C1/1');
    expect(await receiptOf('recovered')).toBe('C1/1');
    expect(await receiptOf('fatal', 'C1/9')).toBeUndefined();
    expect(await receiptOf('recovered')).toBe('C1/9');
  });

  const receiptKeys = () => gate.redis.keys('*receipt:*');

  it('is stored for at most an hour after the recovery, since there are many ended episodes', async () => {
    gate.digestOver = 0;
    await receiptOf('fatal', 'C1/1');
    const [key = ''] = await receiptKeys();
    expect(await gate.redis.pttl(key)).toBeGreaterThan(7 * DAY);
    await receiptOf('recovered', 'C1/2');
    expect(await gate.redis.pttl(key)).toBeLessThanOrEqual(HOUR);
  });

  it('is passed on at a fallback endpoint too', async () => {
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

  it('is that of the digest if the first message was one', async () => {
    await post(4);
    await gate.settle(await gate.take(), 'delivered', { digest, receipt: 'C1/7' });
    await gate.post('recovered', { object: 'o2' });
    expect((await gate.take())[0]?.receipt).toBe('C1/7');
  });
});

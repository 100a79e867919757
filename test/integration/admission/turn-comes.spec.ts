import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '#libs/contracts';
import { audit, shardOf, shardPrefix } from '#libs/mailbox';
import { endpoint, Gate, HOUR, MINUTE } from './harness.js';

const TARGET = { channel: 'http', target: 'e1.t' };
const PREFIX = shardPrefix(shardOf('e1'));
const gate = new Gate(15, [endpoint({ pushPeriodMs: 0 })]);
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
});
afterAll(() => gate.close());

const many = (count: number) =>
  gate.admit(Array.from({ length: count }, (_, i) => gate.incoming('fatal', { object: `o${i}` })));
const tried = (outcome: Attempt['outcome']): Attempt => ({ n: 1, startedAt: gate.now, durationMs: 5, outcome });
const health = () => gate.redis.hgetall(`${PREFIX}box:e1.t:health`);

describe('a turn is requested', () => {
  it('for a retry, while another send hangs', async () => {
    await gate.prove();
    await many(2);
    const [first] = await gate.take();
    await gate.settle([first as never], 'again', { delayMs: 1_000, failures: 1 });
    gate.now += 1_000;
    expect((await gate.take()).map(({ id }) => id)).toEqual([first?.id]);
  });

  it('when deliveries in flight at a full target settle, and not before for new events', async () => {
    await many(1);
    const inFlight = await gate.take();
    await gate.post('fatal', { object: 'new' });
    expect(await gate.take()).toEqual([]);
    await gate.settle(inFlight, 'delivered', { tried: tried('delivered') });
    expect(await gate.take()).toHaveLength(1);
  });

  it('not repeatedly at once when lost turns leave no slot', async () => {
    await gate.prove();
    await many(300);
    for (let i = 0; i < 4; i++) {
      await gate.take('t', 'e1', 50);
      gate.now += 13_000;
      await gate.sweep();
    }
    expect((await gate.take('t', 'e1', 100)).length).toBeGreaterThan(0);
    expect(await gate.take('t', 'e1', 100)).toEqual([]);
    expect(await gate.redis.hget(`${PREFIX}box:e1.t:turn`, 'state')).toBe('full');
  });

  it('when a delivery expires at a target that is paused for longer', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0, expireAfterMs: MINUTE })];
    await many(2);
    const inFlight = await gate.take();
    await gate.settle(inFlight, 'again', { delayMs: HOUR, named: true, tried: tried('throttled') });
    await gate.take();
    const until = Number(await gate.redis.hget(`${PREFIX}box:e1.t:turn`, 'until'));
    expect(until - gate.now).toBeLessThanOrEqual(MINUTE + 1);
    gate.now = until;
    await gate.take();
    expect((await gate.cancelled()).map(({ reason }) => reason)).toEqual(['expired']);
  });
});

describe('the health of a target', () => {
  it('counts a failure once, however often it is reported', async () => {
    await many(1);
    const taken = await gate.take();
    for (let i = 0; i < 5; i++) {
      await gate.settle(taken, 'again', { delayMs: 1_000, failures: 1, tried: tried('unavailable') });
    }
    expect(await health()).toMatchObject({ fails: '1', trips: '0' });
  });

  it('doubles its pauses if the provider asks to wait without a time, and respects a given time', async () => {
    await many(4);
    const pauses: number[] = [];
    for (const named of [false, false, false, true]) {
      const taken = await gate.take();
      await gate.settle(taken, 'again', { delayMs: 750, named, tried: tried('throttled') });
      const { hold } = await health();
      pauses.push(Number(hold) - gate.now);
      gate.now = Number(hold);
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 750]);
  });
});

describe('when credentials are refused', () => {
  it('waiting deliveries go to the fallback endpoint at once, or die one by one if there is none', async () => {
    for (const fallback of ['', 'f1']) {
      await gate.flush();
      gate.endpoints = [endpoint({ pushPeriodMs: 0, fallback })];
      await many(50);
      await gate.settle(await gate.take(), 'dead', { tried: tried('misconfigured') });
      await gate.take();
      expect((await audit(gate.redis)).dead).toBe(fallback === '' ? 1 : 50);
      expect((await audit(gate.redis)).imbalance).toBe(0);
    }
  });
});

it('a disabled endpoint is emptied at once, also of deliveries that wait for a later try', async () => {
  await many(1);
  const taken = await gate.take();
  await gate.settle(taken, 'again', { delayMs: 10 * MINUTE, failures: 9 });
  const closed = { endpointInfo: undefined, pushPeriodMs: 0, expireAfterMs: HOUR, fallback: '', open: false };
  const job = Number(await gate.redis.hget(`${PREFIX}box:e1.t:turn`, 'job'));
  const taking = await gate.mailboxes.take(TARGET, { job, callId: 'x', max: 50 }, closed);
  expect(taking?.deliveries).toHaveLength(1);
});

it('an empty mailbox that the sweeper finds leaves no data that is counted later', async () => {
  const [result] = await gate.admit([gate.incoming('fatal')]);
  const rules = { endpointInfo: undefined, pushPeriodMs: 0, reason: 'by an operator' as const };
  await gate.mailboxes.cancel(TARGET, [result?.endpoints[0]?.deliveryId as string], rules);
  gate.now += 20_000;
  await gate.sweep();
  await many(2);
  await gate.take('t', 'e1', 1);
  expect((await audit(gate.redis)).imbalance).toBe(0);
});

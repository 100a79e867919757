import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { inspect, shardOf, shardPrefix } from '#libs/mailbox';
import { findPending, listWaiting, type PendingDelivery, type WaitingCursor } from '#libs/operations';
import { endpoint, Gate, HOUR, MINUTE } from '../admission/harness.js';

const gate = new Gate(14, [endpoint({ pushPeriodMs: 0, targets: ['t', 'u'] })]);
afterAll(() => gate.close());

const box = (part: string, target = 'e1.t') => `${shardPrefix(shardOf('e1'))}box:${target}:${part}`;
beforeEach(async () => {
  await gate.flush();
  // A target without a success gets few deliveries at once.
  for (const target of ['e1.t', 'e1.u']) await gate.redis.hset(box('health', target), 'good', 1);
});
const look = async (name = 'e1.t', others: string[] = []) =>
  (await inspect(gate.redis, others, gate.now)).targets.find((target) => target.name === name);
const fire = (object: string, level: 'fatal' | 'recovered' = 'fatal') => gate.post(level, { object });

describe('the state of a target', () => {
  it('is empty while no delivery waits there', async () => {
    expect(await inspect(gate.redis, ['e1.t'], gate.now)).toEqual({ at: gate.now, targets: [] });
  });

  it('counts each delivery once, wherever it waits', async () => {
    const began = gate.now;
    for (const object of ['a', 'b', 'c', 'd']) await fire(object);
    gate.now += MINUTE;
    for (const object of ['a', 'b']) await fire(object);
    expect(await look()).toMatchObject({
      endpointInfo: { endpointId: 'e1', endpointName: 'endpoint one', team: 'default', channel: 'http', target: 't' },
      waiting: 6,
      ready: 4,
      behind: 2,
      running: 0,
      waitingSince: began,
      state: 'queued',
    });
    const [a, b] = await gate.take('t', 'e1', 2);
    expect(await look()).toMatchObject({ waiting: 4, ready: 2, behind: 2, running: 2, waitingSince: began });
    gate.now += MINUTE;
    await gate.settle([a as never], 'again', { delayMs: HOUR, failures: 1 });
    expect(await look()).toMatchObject({ waiting: 5, ready: 2, retrying: 1, behind: 2, running: 1 });
    await gate.settle([b as never], 'delivered');
    expect(await look()).toMatchObject({ waiting: 5, ready: 3, retrying: 1, behind: 1, running: 0 });
    const u = await look('e1.u');
    expect(u).toMatchObject({ waiting: 6, running: 0 });
  });

  it('shows since when the oldest waits: ready, for its next try, or behind one in flight', async () => {
    const began = gate.now;
    await fire('a');
    const [a] = await gate.take();
    gate.now += MINUTE;
    await fire('b');
    expect(await look()).toMatchObject({ waitingSince: began + MINUTE });
    await gate.settle([a as never], 'again', { delayMs: HOUR, failures: 1 });
    expect(await look()).toMatchObject({ waitingSince: began });
    gate.now += HOUR;
    await gate.sweep();
    await gate.take();
    await fire('a', 'recovered');
    expect(await look()).toMatchObject({ waiting: 1, behind: 1, running: 2, waitingSince: began, state: 'sending' });
  });

  it('shows why it sleeps, and until when', async () => {
    await fire('a');
    const [a] = await gate.take();
    await gate.settle([a as never], 'again', { delayMs: HOUR, failures: 1 });
    await gate.redis.hset(box('turn'), { state: 'asleep', why: 'rate', until: gate.now + 5_000 });
    expect(await look()).toMatchObject({ state: 'rate limited', until: gate.now + 5_000 });
    await gate.redis.hset(box('turn'), { why: 'retry' });
    expect(await look()).toMatchObject({ state: 'retrying', until: gate.now + 5_000 });
  });

  it('shows when its consecutive failures began, and when the last one was', async () => {
    await fire('a');
    const first = gate.now;
    const fail = async (n: number) => {
      const tried = { n, startedAt: 0, durationMs: 5, outcome: 'unavailable' as const };
      await gate.settle(await gate.take(), 'again', { delayMs: 1_000, failures: n, tried });
    };
    await fail(1);
    gate.now += MINUTE;
    await fail(2);
    expect(await look()).toMatchObject({ failures: 2, failingSince: first, failedAt: gate.now });
  });

  it('shows its trouble, also when no delivery waits there any more', async () => {
    const times = { since: gate.now - MINUTE, last: gate.now - 1_000, hold: gate.now + MINUTE };
    const health = { fails: 1, ...times, why: 'misconfigured', error: '401' };
    await gate.redis.hset(box('health'), health);
    const unwell = {
      state: 'misconfigured',
      until: gate.now + MINUTE,
      failures: 1,
      failingSince: gate.now - MINUTE,
      failedAt: gate.now - 1_000,
      lastError: '401',
    };
    expect(await look()).toBeUndefined();
    expect(await look('e1.t', ['e1.t', 'e1.u'])).toMatchObject({ ...unwell, endpointInfo: undefined, waiting: 0 });
    expect((await inspect(gate.redis, ['e1.t', 'e1.u'], gate.now)).targets).toHaveLength(1);
    await fire('a');
    expect(await look('e1.t', ['e1.t'])).toMatchObject({ ...unwell, waiting: 1 });
  });

  it('does not count cancelled deliveries, and counts replays that wait for their pace', async () => {
    for (const object of ['a', 'b', 'c']) await fire(object);
    const [gone, later] = await gate.redis.lrange(box('ready'), 0, 1);
    await gate.redis.hdel(box('rec'), gone as string);
    await gate.redis.hset(box('turn'), 'stale', 1);
    await gate.redis.lrem(box('ready'), 1, later as string);
    await gate.redis.zadd(box('later'), gate.now + HOUR, later as string);
    expect(await look()).toMatchObject({ waiting: 2, ready: 1, replaying: 1, waitingSince: gate.now });
  });
});

describe('waiting deliveries', () => {
  const all = async (limit: number, accept = (_: PendingDelivery) => true, endpointId = 'e1') => {
    const pages: PendingDelivery[][] = [];
    let from: WaitingCursor | undefined;
    do {
      const { items, next } = await listWaiting(gate.redis, endpointId, { limit, accept, ...(from && { from }) });
      pages.push(items);
      from = next;
    } while (from);
    return pages;
  };
  const fireMany = (count: number) =>
    gate.admit(Array.from({ length: count }, (_, i) => gate.incoming('fatal', { object: `o${i}` })));

  it.each([1, 3, 50, 200])('come in pages of %i, each once, of all targets', async (limit) => {
    const count = 150;
    await fireMany(count);
    const pages = await all(limit);
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toHaveLength(2 * count);
    expect(new Set(ids).size).toBe(2 * count);
    expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
  });

  it('are those that were never tried and are not in flight', async () => {
    await fireMany(10);
    const [tried, inFlight] = await gate.take('t', 'e1', 2);
    await gate.settle([tried as never], 'again', { delayMs: HOUR, failures: 1 });
    const found = (await all(200)).flat();
    expect(found).toHaveLength(18);
    expect(found.map(({ id }) => id)).not.toContain(tried?.id);
    expect(found.map(({ id }) => id)).not.toContain(inFlight?.id);
    expect(found[0]).toMatchObject({
      endpointInfo: { endpointName: 'endpoint one', channel: 'http' },
      event: { policy: 'p', level: 'fatal' },
      createdAt: gate.now,
      attempts: 0,
      nextAttemptAt: undefined,
    });
    expect(await all(200, undefined, 'e2')).toEqual([[]]);
  });

  it('are listed by the filters, and none is lost while others come and go', async () => {
    await fireMany(600);
    const wanted = ({ event, endpointInfo }: PendingDelivery) =>
      event.object.endsWith('7') && endpointInfo.target === 'u';
    expect((await all(7, wanted)).flat()).toHaveLength(60);
    const before = new Set((await gate.redis.hkeys(box('rec', 'e1.u'))).slice(0, 300));
    const seen = new Set<string>();
    let from: WaitingCursor | undefined;
    do {
      const { items, next } = await listWaiting(gate.redis, 'e1', {
        limit: 40,
        accept: () => true,
        ...(from && { from }),
      });
      for (const { id } of items) seen.add(id);
      from = next;
      await gate.admit([gate.incoming('fatal', { object: `more ${seen.size}` })]);
      const other = (await gate.redis.hkeys(box('rec', 'e1.u'))).find((id) => !before.has(id));
      if (other) await gate.redis.hdel(box('rec', 'e1.u'), other);
    } while (from);
    expect([...before].filter((id) => !seen.has(id))).toEqual([]);
  });

  it('are found by their id, tried or not, until they are settled', async () => {
    await fire('a');
    const [a] = await gate.take();
    expect(await findPending(gate.redis, a?.id ?? '')).toMatchObject({
      id: a?.id,
      attempts: 0,
      event: { object: 'a' },
    });
    await gate.settle([a as never], 'again', { delayMs: HOUR, failures: 1 });
    expect(await findPending(gate.redis, a?.id ?? '')).toMatchObject({
      attempts: 1,
      nextAttemptAt: gate.now + HOUR,
      endpointInfo: { target: 't' },
    });
    for (const unknown of ['', 'nothing', `${a?.id.slice(0, -4)}00`]) {
      expect(await findPending(gate.redis, unknown)).toBeUndefined();
    }
  });
});

it('writes nothing', async () => {
  await gate.admit([gate.incoming('fatal', { object: 'a' }), gate.incoming('fatal', { object: 'b' })]);
  await gate.take('t', 'e1', 1);
  const state = async () => {
    const keys = (await gate.redis.keys('*')).sort();
    return Promise.all(keys.map(async (key) => [key, await gate.redis.dump(key)]));
  };
  const before = await state();
  await inspect(gate.redis, ['e1.t', 'e9.t']);
  await listWaiting(gate.redis, 'e1', { limit: 10, accept: () => true });
  await findPending(gate.redis, 'b0000100');
  expect(await state()).toEqual(before);
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertEvent, Level } from '#libs/contracts';
import { audit, type Replay } from '#libs/mailbox';
import { endpoint, Gate, HOUR } from './harness.js';

const TARGET = { channel: 'http', target: 'e1.t' };
const ENDPOINT_INFO = { endpointId: 'e1', endpointName: 'e', team: 'default', channel: 'http', target: 't' };
const gate = new Gate(12, [endpoint({ pushPeriodMs: HOUR })]);
beforeEach(async () => {
  await gate.flush();
  await gate.prove();
  gate.endpoints = [endpoint({ pushPeriodMs: HOUR })];
});
afterAll(() => gate.close());

/** The newest delivery of an ended event, as the log returns it. */
async function logged(status: string): Promise<Replay> {
  const [, fields] = (await gate.redis.xrange('tocsin:{s03}:outcomes', '-', '+'))
    .map(([id, flat]) => [id, Object.fromEntries(pairs(flat))] as const)
    .findLast(([, found]) => found.status === status) as readonly [string, Record<string, string>];
  const event = JSON.parse(fields.event as string) as AlertEvent;
  const { id = '', episode, created } = fields;
  return {
    baseId: id,
    lastReplay: 0,
    event,
    json: JSON.stringify(event),
    team: 'default',
    episode: Number(episode),
    cameAt: Number(created),
  };
}
const pairs = (flat: string[]) => flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]] as const] : []));

async function replay(items: readonly Replay[], force = false, dryRun = false) {
  const how = { endpointInfo: ENDPOINT_INFO, pushPeriodMs: HOUR, force, dryRun };
  const { wakes, answers } = await gate.mailboxes.replay(TARGET, items, how);
  gate.woken(wakes);
  return answers.map((answer) => (answer.result === 'replayed' ? answer.id : answer.result));
}
async function ended(level: Level, verdict: 'dead' | 'delivered'): Promise<Replay> {
  await gate.post(level);
  await gate.run(verdict);
  return logged(verdict);
}

describe('a replay', () => {
  it('is sent under the id of the first delivery with its own number; delayed_by counts from the event', async () => {
    const dead = await ended('fatal', 'dead');
    gate.now += 5_000;
    expect(await replay([dead])).toEqual([`${dead.baseId}_r1`]);
    const taken = await gate.run('dead');
    expect(taken).toMatchObject([{ id: `${dead.baseId}_r1`, attempt: 1, ageMs: 0, delayedByMs: 5_000 }]);
    expect(await replay([dead])).toEqual(['waiting']);
    expect(await replay([{ ...dead, lastReplay: 1 }])).toEqual([`${dead.baseId}_r2`]);
    expect((await audit(gate.redis)).imbalance).toBe(0);
  });

  it('is not doubled while it waits', async () => {
    const dead = await ended('fatal', 'dead');
    await replay([dead]);
    expect(await replay([dead])).toEqual(['waiting']);
  });

  it('of a firing whose episode has ended needs force', async () => {
    const dead = await ended('fatal', 'dead');
    await gate.post('recovered');
    expect(await replay([dead])).toEqual(['ended']);
    expect(await replay([dead], true)).toEqual([`${dead.baseId}_r1`]);
  });

  it('of a recovery needs force when its key fires again', async () => {
    await ended('fatal', 'delivered');
    const recovery = await ended('recovered', 'dead');
    await ended('fatal', 'delivered');
    expect(await replay([recovery])).toEqual(['ended']);
  });

  it('with dryRun returns the same and changes nothing', async () => {
    const dead = await ended('fatal', 'dead');
    const all = async () => Promise.all((await gate.redis.keys('*')).sort().map((key) => gate.redis.dump(key)));
    const before = await all();
    expect(await replay([dead], false, true)).toEqual([`${dead.baseId}_r1`]);
    expect(await all()).toEqual(before);
    expect(await replay([dead])).toEqual([`${dead.baseId}_r1`]);
  });

  it('of a recovery that reached nobody ends its episode with all its firings', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    await ended('fatal', 'delivered');
    const firing = await ended('fatal', 'dead');
    const recovery = await ended('recovered', 'dead');
    expect(await replay([firing])).toEqual(['ended']);
    expect(await replay([firing], true)).toEqual([`${firing.baseId}_r1`]);
    expect(await replay([recovery])).toEqual([`${recovery.baseId}_r1`]);
    gate.now += 1_000;
    await gate.run('delivered');
    // The recovery was sent, so there is nothing left to recover from.
    expect(await gate.post('recovered')).toBe('recovery');
    expect((await audit(gate.redis)).imbalance).toBe(0);
  });

  it('of a recovery that dies again is owed as before', async () => {
    await ended('fatal', 'delivered');
    const recovery = await ended('recovered', 'dead');
    await replay([recovery]);
    await gate.run('dead');
    gate.now += 12 * HOUR;
    expect(await gate.post('recovered')).toBe('queued');
  });

  it('of a delivery without a known episode changes no claim when it dies again', async () => {
    await ended('fatal', 'delivered');
    const unknown = { ...(await logged('delivered')), baseId: 'd1-03_f03', episode: 0 };
    expect(await replay([unknown])).toEqual(['ended']);
    const claim = async () => gate.redis.dump((await gate.redis.keys('*claim*'))[0] as string);
    const before = await claim();
    expect(await replay([unknown], true)).toEqual(['d1-03_f03_r1']);
    await gate.run('dead');
    expect(await claim()).toEqual(before);
    const entries = await gate.redis.xrevrange('tocsin:{s03}:outcomes', '+', '-', 'COUNT', 1);
    expect(Object.fromEntries(pairs(entries[0]?.[1] ?? []))).toMatchObject({ 'fallback-of': 'd1-03' });
  });

  it('of a firing counts as a push of its episode, so its recovery is pushed', async () => {
    const dead = await ended('fatal', 'dead');
    await replay([dead]);
    await gate.run('delivered');
    expect(await gate.post('fatal')).toBe('period');
    expect(await gate.post('recovered')).toBe('queued');
  });

  it('precedes newer deliveries of its key: a recovery does not overtake its firing', async () => {
    const dead = await ended('fatal', 'dead');
    await replay([{ ...dead, baseId: 'another', event: { ...dead.event, object: 'x' } }, dead], true);
    expect(await gate.post('recovered')).toBe('queued');
    const sent = [];
    for (let i = 0; i < 3; i++) sent.push(...(await gate.run('delivered')));
    expect(sent.filter(({ id }) => id !== 'another_r1').map(({ event }) => JSON.parse(event).level)).toEqual([
      'fatal',
      'recovered',
    ]);
    expect((await audit(gate.redis)).imbalance).toBe(0);
  });

  it('supersedes no newer delivery', async () => {
    const dead = await ended('fatal', 'dead');
    gate.now += 1_000;
    const [result] = await gate.admit([gate.incoming('fatal')]);
    await gate.run('again', { delayMs: 1_000, failures: 1 });
    await replay([dead]);
    gate.now += HOUR / 2;
    expect((await gate.take()).map(({ id }) => id)).toEqual([result?.endpoints[0]?.deliveryId]);
    expect(await gate.cancelled()).toEqual([]);
  });

  it('that arrives after Redis lost its last writes leaves no data behind', async () => {
    const dead = await ended('fatal', 'dead');
    const [id = ''] = await replay([dead]);
    await gate.settle([{ id, attempt: 1 }], 'delivered');
    expect((await audit(gate.redis)).imbalance).toBe(0);
    await gate.post('fatal', { object: 'other' });
    expect(await gate.take()).toHaveLength(1);
  });

  it('waits behind the replay before it, and lets new deliveries go first', async () => {
    const dead = await ended('fatal', 'dead');
    const many = Array.from({ length: 100 }, (_, i) => ({
      ...dead,
      baseId: `${dead.baseId}x${i}`,
      event: { ...dead.event, object: `o${i}` },
    }));
    await replay(many, true);
    await gate.post('fatal', { object: 'new' });
    const first = await gate.take();
    expect(first.map(({ event }) => JSON.parse(event).object)).toContain('new');
    expect(first.length).toBeLessThan(5);
    gate.now += 1_000;
    expect(await gate.take()).toHaveLength(50);
  });
});

describe('cancelling', () => {
  const rules = { endpointInfo: ENDPOINT_INFO, pushPeriodMs: HOUR, reason: 'by an operator' as const };

  it('cancels deliveries wherever they wait, but none in flight, and the ledger closes', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    const admitted = await gate.admit(
      ['a', 'a', 'a', 'b', 'c', 'd'].map((object) => gate.incoming('fatal', { object })),
    );
    const ids = admitted.map(({ endpoints }) => endpoints[0]?.deliveryId as string);
    const [inFlight] = await gate.take('t', 'e1', 1);
    const [retried] = await gate.take('t', 'e1', 1);
    await gate.settle([retried as { id: string; attempt: number }], 'again', { delayMs: 60_000 });
    const { wakes, cancelled } = await gate.mailboxes.cancel(TARGET, ids.slice(0, 5), rules);
    gate.woken(wakes);
    expect(cancelled.sort()).toEqual(ids.slice(1, 5).sort());
    expect(await audit(gate.redis)).toMatchObject({ cancelled: 4, pending: 2, imbalance: 0 });
    await gate.settle([inFlight as { id: string; attempt: number }], 'delivered');
    const rest = await gate.run('delivered');
    expect(rest.map(({ id }) => id)).toEqual([ids[5]]);
    expect(await audit(gate.redis)).toMatchObject({ delivered: 2, pending: 0, imbalance: 0 });
  });

  it('gives the claim back, without suppressing later events', async () => {
    const [result] = await gate.admit([gate.incoming('fatal')]);
    const id = result?.endpoints[0]?.deliveryId as string;
    expect((await gate.mailboxes.cancel(TARGET, [id], rules)).cancelled).toEqual([id]);
    expect(await gate.post('fatal')).toBe('queued');
    expect(await gate.run('delivered')).toHaveLength(1);
  });
});

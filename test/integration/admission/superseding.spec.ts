import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { endpoint, Gate, HOUR, MINUTE } from './harness.js';

const gate = new Gate(11, [endpoint({ pushPeriodMs: HOUR })]);
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [endpoint({ pushPeriodMs: HOUR })];
});
afterAll(() => gate.close());

const levels = (taken: { event: string }[]) => taken.map(({ event }) => JSON.parse(event).level);
const failOnce = () => gate.run('again', { delayMs: 1_000, failures: 1 });

describe('a newer push of a key', () => {
  it('replaces an older one that failed, and takes over its count of suppressed events', async () => {
    await gate.post('info');
    await gate.run('delivered');
    await gate.post('info');
    await gate.post('info');
    gate.now += HOUR;
    await gate.post('info');
    await failOnce();
    await gate.post('info');
    await gate.post('warning');
    gate.now += MINUTE;
    const taken = await gate.take();
    expect(levels(taken)).toEqual(['warning']);
    expect(taken[0]?.suppressedCount).toBe(2 + 1);
    expect((await gate.cancelled()).map(({ reason }) => reason)).toEqual(['superseded']);
    await gate.settle(taken, 'delivered');
    expect(await audit(gate.redis)).toMatchObject({
      admitted: 3,
      delivered: 2,
      cancelled: 1,
      pending: 0,
      imbalance: 0,
    });
  });

  it('waits behind an older one that was not tried yet', async () => {
    await gate.post('info');
    await gate.post('fatal');
    expect(levels(await gate.run('delivered'))).toEqual(['info']);
    expect(levels(await gate.run('delivered'))).toEqual(['fatal']);
  });

  it('replaces an older one that waited long for its target', async () => {
    await gate.post('info');
    gate.now += MINUTE;
    await gate.post('fatal');
    expect(levels(await gate.run('delivered'))).toEqual(['fatal']);
  });

  it('also replaces a recovery that has nothing left to end', async () => {
    await gate.post('fatal');
    await failOnce();
    await gate.post('recovered');
    await gate.post('warning');
    gate.now += MINUTE;
    expect(levels(await gate.run('delivered'))).toEqual(['warning']);
    expect((await gate.cancelled()).map(({ reason }) => reason)).toEqual(['superseded', 'firing not delivered']);
    expect((await audit(gate.redis)).imbalance).toBe(0);
  });

  it('supersedes nothing if every event is pushed', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    await gate.post('fatal');
    await failOnce();
    await gate.post('fatal');
    gate.now += MINUTE;
    expect(levels(await gate.run('delivered'))).toEqual(['fatal']);
    expect(await gate.cancelled()).toEqual([]);
  });

  it('alone holds the push period, since the superseded one was not sent', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: HOUR, maxPushes: 2 })];
    await gate.post('info');
    await failOnce();
    await gate.post('warning');
    gate.now += MINUTE;
    await gate.run('delivered');
    gate.now += HOUR;
    expect(await gate.post('warning')).toBe('queued');
    gate.now += HOUR;
    expect(await gate.post('warning')).toBe('frequency');
  });
});

it('a delivery older than expireAfter is cancelled, though it was never tried', async () => {
  await gate.post('fatal');
  gate.endpoints = [endpoint({ expireAfterMs: MINUTE })];
  gate.now += MINUTE + 1;
  expect(await gate.take()).toEqual([]);
  expect((await gate.cancelled()).map(({ reason }) => reason)).toEqual(['expired']);
  expect(await gate.post('fatal')).toBe('queued');
});

describe('a batch that is sent again after a lost answer', () => {
  it('changes nothing by its suppressed events, though a later event of it has changed the state', async () => {
    const batch = [
      gate.incoming('recovered', { id: 'nothing to end' }),
      gate.incoming('fatal', { id: 'fires' }),
      gate.incoming('fatal', { id: 'within the period' }),
      gate.incoming('recovered', { id: 'ends it' }),
    ];
    const results = (await gate.admit(batch)).map(({ endpoints }) => endpoints[0]?.result);
    expect(results).toEqual(['recovery', 'queued', 'period', 'queued']);
    const again = (await gate.admit(batch)).map(({ result }) => result);
    expect(again).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
    expect((await audit(gate.redis)).admitted).toBe(2);
  });
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';

const gate = new Gate(1);
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [endpoint()];
});
afterAll(() => gate.close());

describe('the push period', () => {
  it('allows one push, and the next after a whole period', async () => {
    expect(await gate.post('fatal')).toBe('queued');
    gate.now += 12 * HOUR - 1;
    expect(await gate.post('fatal')).toBe('period');
    gate.now += 1;
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('is separate for each object and policy', async () => {
    await gate.post('fatal');
    expect(await gate.post('fatal', { object: 'other' })).toBe('queued');
    expect(await gate.post('fatal', { policy: 'other' })).toBe('queued');
  });

  it('suppresses nothing when it is 0s', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    expect([await gate.post('info'), await gate.post('info')]).toEqual(['queued', 'queued']);
  });

  it('counts from the last push when it is lengthened later', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    await gate.post('fatal');
    gate.endpoints = [endpoint({ pushPeriodMs: HOUR })];
    gate.now += 5 * MINUTE;
    expect(await gate.post('fatal')).toBe('period');
    gate.now += 55 * MINUTE;
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('reports with a push how many events were suppressed since the last one', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: HOUR })];
    for (let i = 0; i < 4; i++) await gate.post('warning');
    const first = await gate.run('delivered');
    gate.now += HOUR;
    await gate.post('warning');
    const second = await gate.run('delivered');
    expect([...first, ...second].map((taken) => taken.suppressedCount)).toEqual([0, 3]);
  });
});

describe('escalation', () => {
  it('pushes an event more severe than all pushes of the episode, and starts a new period', async () => {
    expect(await gate.post('warning')).toBe('queued');
    gate.now += 6 * HOUR;
    expect(await gate.post('error')).toBe('queued');
    expect(await gate.post('nodata')).toBe('period');
    gate.now += 6 * HOUR;
    expect(await gate.post('warning')).toBe('period');
    expect(await gate.post('fatal')).toBe('queued');
    gate.now += 12 * HOUR;
    expect(await gate.post('info')).toBe('queued');
  });

  it('passes the push limit too, and counts as a push', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1 })];
    expect(await gate.post('warning')).toBe('queued');
    expect(await gate.post('warning')).toBe('frequency');
    expect(await gate.post('fatal')).toBe('queued');
    expect(await gate.post('fatal')).toBe('frequency');
  });

  it('has no effect if the endpoint turns it off', async () => {
    gate.endpoints = [endpoint({ pushOnEscalation: false })];
    await gate.post('warning');
    expect(await gate.post('fatal')).toBe('period');
  });
});

describe('maxPushes', () => {
  it('limits the pushes of one episode', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: MINUTE, maxPushes: 2 })];
    const results = [];
    for (let i = 0; i < 4; i++) {
      results.push(await gate.post('fatal'));
      gate.now += MINUTE;
    }
    expect(results).toEqual(['queued', 'queued', 'frequency', 'frequency']);
    expect(await gate.post('recovered')).toBe('queued');
    expect(await gate.post('fatal')).toBe('queued');
  });
});

describe('a recovery', () => {
  it('is pushed exactly when the episode pushed something, and ends the push period', async () => {
    expect(await gate.post('recovered')).toBe('recovery');
    await gate.post('fatal');
    expect(await gate.post('recovered')).toBe('queued');
    expect(await gate.post('recovered')).toBe('recovery');
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('keeps the period with periodAcrossRecovery, except for a more severe event', async () => {
    gate.endpoints = [endpoint({ periodAcrossRecovery: true })];
    await gate.post('warning');
    await gate.post('recovered');
    expect(await gate.post('warning')).toBe('period');
    expect(await gate.post('recovered')).toBe('recovery');
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('is not pushed if its firing was found dead', async () => {
    await gate.post('fatal');
    await gate.run('dead');
    expect(await gate.post('recovered')).toBe('recovery');
  });

  it('ends the episode also if the endpoint is disabled or excludes recoveries', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1 })];
    await gate.post('fatal');
    gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1, levels: ['fatal'] })];
    expect(await gate.post('recovered')).toBe('level');
    expect(await gate.post('fatal')).toBe('queued');
    gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1, enabled: false })];
    expect(await gate.post('recovered')).toBe('disabled');
    gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1 })];
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('that is not pushed keeps the push period', async () => {
    gate.endpoints = [endpoint({ levels: ['fatal'] })];
    await gate.post('fatal');
    await gate.post('recovered');
    expect(await gate.post('fatal')).toBe('period');
  });

  it('follows a removed link to the endpoint that was sent its firing', async () => {
    await gate.post('fatal');
    await gate.post('fatal', { object: 'never pushed', level: 'info' });
    const all = gate.settings;
    const former = { policyKey: '*', team: 'default', match: null, endpointIds: ['e1'] };
    gate.settings = { ...all, version: 99, policies: [], formerLinks: [former] };
    expect(await gate.post('fatal')).toBe('unrouted');
    expect(await gate.post('recovered')).toBe('queued');
    expect(await gate.post('recovered')).toBe('unrouted');
  });
});

describe('a disabled endpoint and a level it lacks', () => {
  it('change no state', async () => {
    gate.endpoints = [endpoint({ levels: ['fatal'] })];
    expect(await gate.post('warning')).toBe('level');
    expect(await gate.post('fatal')).toBe('queued');
    expect((await gate.run('delivered')).map((taken) => taken.suppressedCount)).toEqual([0]);
    gate.endpoints = [endpoint({ enabled: false })];
    gate.now += 13 * HOUR;
    expect(await gate.post('fatal')).toBe('disabled');
    gate.endpoints = [endpoint()];
    expect(await gate.post('fatal')).toBe('queued');
    expect((await gate.run('delivered')).map((taken) => taken.suppressedCount)).toEqual([0]);
  });
});

describe('a dead end', () => {
  it('gives the claim back, with a longer wait after each further one in a row', async () => {
    const distances: number[] = [];
    for (let deaths = 0; deaths < 6; deaths++) {
      const before = gate.now;
      while ((await gate.post('fatal')) !== 'queued') gate.now += MINUTE;
      distances.push((gate.now - before) / MINUTE);
      await gate.run('dead');
    }
    expect(distances).toEqual([0, 0, 1, 2, 4, 8]);
  });

  it('waits at most the push period', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 3 * MINUTE })];
    for (let deaths = 0; deaths < 6; deaths++) {
      while ((await gate.post('fatal')) !== 'queued') gate.now += MINUTE;
      await gate.run('dead', { pushPeriodMs: 3 * MINUTE });
    }
    gate.now += 3 * MINUTE;
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('no longer counts after the first success', async () => {
    for (let deaths = 0; deaths < 3; deaths++) {
      while ((await gate.post('fatal')) !== 'queued') gate.now += MINUTE;
      await gate.run('dead');
    }
    gate.now += HOUR;
    await gate.post('fatal');
    await gate.run('delivered');
    gate.now += 12 * HOUR;
    await gate.post('fatal');
    await gate.run('dead');
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('of two pushes at once leaves no claim, though the second held it', async () => {
    await gate.post('warning');
    await gate.post('fatal');
    await gate.run('dead');
    await gate.run('dead');
    gate.now += MINUTE;
    expect(await gate.post('warning')).toBe('queued');
  });

  it('of an escalation leaves the earlier pushes standing', async () => {
    await gate.post('warning');
    await gate.run('delivered');
    await gate.post('fatal');
    await gate.run('dead');
    expect(await gate.post('warning')).toBe('period');
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('passes its count of suppressed events to the next push', async () => {
    await gate.post('warning');
    await gate.run('delivered');
    await gate.post('warning');
    gate.now += 12 * HOUR;
    await gate.post('warning');
    await gate.run('dead');
    await gate.post('warning');
    expect((await gate.run('delivered')).map((taken) => taken.suppressedCount)).toEqual([1]);
  });

  it('counts as sent if an attempt had no answer', async () => {
    await gate.post('fatal');
    await gate.run('dead', { maybe: true });
    expect(await gate.post('fatal')).toBe('period');
    expect(await gate.post('recovered')).toBe('queued');
  });

  it('of a recovery leaves it owed to every target, regardless of later firings there', async () => {
    const targets = ['t', 'u'];
    gate.endpoints = [endpoint({ targets })];
    const settleAt = async (target: string, verdict: 'delivered' | 'dead') => {
      const taken = await gate.take(target);
      await gate.settle(taken, verdict, { target });
      return taken.length;
    };
    for (const [level, verdict] of [
      ['fatal', 'delivered'],
      ['recovered', 'dead'],
    ] as const) {
      expect(await gate.post(level)).toBe('queued');
      for (const target of targets) await settleAt(target, verdict);
    }
    await gate.post('fatal');
    await settleAt('t', 'dead');
    await gate.post('recovered');
    await settleAt('u', 'delivered');
    expect([await settleAt('t', 'delivered'), await settleAt('u', 'delivered')]).toEqual([1, 1]);
  });

  it('of a recovery leaves it owed, and suppresses no firing', async () => {
    await gate.post('fatal');
    await gate.run('delivered');
    await gate.post('recovered');
    await gate.run('dead');
    expect(await gate.post('recovered')).toBe('queued');
    await gate.run('dead');
    expect(await gate.post('recovered')).toBe('period');
    gate.now += MINUTE;
    expect(await gate.post('fatal')).toBe('queued');
  });
});

describe('several targets', () => {
  it('give the claim back only when all deliveries died', async () => {
    gate.endpoints = [endpoint({ targets: ['a', 'b'] })];
    await gate.post('fatal');
    await gate.run('dead', { target: 'a' });
    expect(await gate.post('fatal')).toBe('period');
    await gate.run('dead', { target: 'b' });
    expect(await gate.post('fatal')).toBe('queued');
  });

  it('get a recovery only where its firing arrived', async () => {
    gate.endpoints = [endpoint({ targets: ['a', 'b'] })];
    await gate.post('fatal');
    await gate.run('dead', { target: 'a' });
    await gate.run('delivered', { target: 'b' });
    expect(await gate.post('recovered')).toBe('queued');
    expect(await gate.run('delivered', { target: 'a' })).toEqual([]);
    expect(await gate.run('delivered', { target: 'b' })).toHaveLength(1);
    expect(await audit(gate.redis)).toMatchObject({ admitted: 3, delivered: 2, dead: 1, pending: 0, imbalance: 0 });
  });
});

describe('an event id', () => {
  it('that was queued changes nothing for an hour', async () => {
    expect(await gate.post('warning', { id: 'x' })).toBe('queued');
    expect(await gate.post('fatal', { id: 'x' })).toBe('duplicate');
    gate.now += 30 * MINUTE;
    expect(await gate.post('fatal', { id: 'x', object: 'other' })).toBe('duplicate');
  });

  it('is not stored for a suppressed event', async () => {
    await gate.post('warning');
    expect(await gate.post('warning', { id: 'y' })).toBe('period');
    gate.now += 12 * HOUR;
    expect(await gate.post('warning', { id: 'y' })).toBe('queued');
  });

  it('queued at one endpoint has no effect at another that suppressed it', async () => {
    gate.endpoints = [endpoint(), endpoint({ id: 'e2', pushPeriodMs: HOUR })];
    await gate.post('warning', { id: 'first' });
    gate.now += HOUR;
    const results = await gate.admit([gate.incoming('warning', { id: 'second' })]);
    expect(results[0]?.endpoints.map(({ result }) => result).sort()).toEqual(['period', 'queued']);
    gate.now += 11 * HOUR;
    const repeated = await gate.admit([gate.incoming('warning', { id: 'second' })]);
    expect(repeated[0]?.endpoints.map(({ result }) => result)).toEqual(['duplicate', 'duplicate']);
  });
});

it('an id that is twice in one batch has no effect the second time, at any endpoint', async () => {
  gate.endpoints = [endpoint(), endpoint({ id: 'e2', levels: ['fatal'] })];
  const results = await gate.admit([
    gate.incoming('warning', { id: 'twice' }),
    gate.incoming('fatal', { id: 'twice' }),
    gate.incoming('warning', { id: 'twice' }),
  ]);
  expect(results.map(({ result }) => result)).toEqual(['taken', 'duplicate', 'duplicate']);
  expect(results[1]?.endpoints.map(({ result }) => result)).toEqual(['duplicate', 'duplicate']);
  expect(await audit(gate.redis)).toMatchObject({ admitted: 1 });
});

it('an episode without an event for seven days has ended', async () => {
  gate.endpoints = [endpoint({ pushPeriodMs: 0, maxPushes: 1 })];
  await gate.post('fatal');
  gate.now += 7 * DAY - 1;
  expect(await gate.post('fatal')).toBe('frequency');
  gate.now += 7 * DAY;
  expect(await gate.post('recovered')).toBe('recovery');
  expect(await gate.post('fatal')).toBe('queued');
});

it('40 parallel batches of 25 events over 5 keys, in four processes, push exactly 5', async () => {
  const storm = new Gate(1, [endpoint()], 4);
  storm.now = gate.now;
  const batches = Array.from({ length: 40 }, (_, b) =>
    storm.admit(
      Array.from({ length: 25 }, (_, i) => storm.incoming('fatal', { object: `o${i % 5}` })),
      b % 4,
    ),
  );
  const results = (await Promise.all(batches)).flat().flatMap(({ endpoints }) => endpoints.map(({ result }) => result));
  expect(results.filter((result) => result === 'queued')).toHaveLength(5);
  expect(results.filter((result) => result === 'period')).toHaveLength(995);
});

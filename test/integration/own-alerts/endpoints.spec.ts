import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { shardOf, shardPrefix } from '#libs/mailbox';
import { Gate } from '../admission/harness.js';
import { HOUR, MINUTE, named, OwnDesk, policy, SECOND } from './own-desk.js';

const gate = new Gate(11);
afterAll(() => gate.close());

let desk: OwnDesk;
const [X, Y, Z] = ['x', 'y', 'z'];
const FIRES = `error endpoint:${X}`;
const RECOVERS = `recovered endpoint:${X}`;
beforeEach(async () => {
  desk = new OwnDesk(gate);
  await desk.open([named(X), named(Y)]);
});

/** Alerts for the failing endpoint keep arriving. */
async function failing(ms: number, behaviour: 'down' | 'refused' = 'down'): Promise<void> {
  desk.behaviour.set(X, behaviour);
  for (let passed = 0; passed < ms; passed += MINUTE) {
    for (let i = 0; i < 6; i++) await desk.alert(`o${gate.now}-${i}`);
    await desk.pass(MINUTE);
  }
}

describe('an endpoint that starts to fail', () => {
  it('is reported once, to others, with the receiver’s words, and once when it takes messages again', async () => {
    const began = gate.now;
    await failing(5 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES]);
    const event = desk.reported[0];
    expect(event).toMatchObject({
      objectName: 'name of x',
      labels: { kind: 'endpoint', endpoint: 'name of x', channel: 'http', target: 't' },
      content: expect.stringContaining('503: words of x'),
    });
    expect(Date.parse(event?.startsAt ?? '')).toBeGreaterThanOrEqual(began);
    desk.behaviour.set(X, 'ok');
    await desk.pass(5 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(desk.reached(X)).toEqual([]);
    expect(desk.reported).toHaveLength(2);
  });

  it('because its credential is refused is reported although no delivery waits for it', async () => {
    await failing(MINUTE, 'refused');
    await desk.pass(10 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES]);
    expect(desk.reported[0]?.content).toContain('401: words of x');
  });

  it('for less than half a minute is not reported', async () => {
    desk.behaviour.set(X, 'down');
    for (let i = 0; i < 8; i++) await desk.alert(`o${i}`);
    await desk.pass(20 * SECOND);
    desk.behaviour.set(X, 'ok');
    await desk.pass(5 * MINUTE);
    expect(desk.reported).toEqual([]);
  });

  it.each(['disabled', 'deleted'])('and is %s has recovered', async (ending) => {
    await failing(2 * MINUTE);
    gate.endpoints = ending === 'disabled' ? [named(X, { enabled: false }), named(Y)] : [named(Y)];
    await desk.pass(2 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(desk.reported[1]?.content).toBe(`The endpoint was ${ending}.`);
  });

  it('and is renamed stays the same object, and recovers for policies that matched its old name', async () => {
    const policies = [policy('*', [X]), policy('named', [Y], { match: { endpoint: 'name of x' } })];
    await desk.open([named(X), named(Y)], policies);
    await failing(2 * MINUTE);
    gate.settings = {
      ...gate.settings,
      endpoints: new Map([X, Y].map((id) => [id, named(id, { name: `new ${id}` })])),
    };
    desk.behaviour.set(X, 'ok');
    await desk.pass(2 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
  });

  it('is reported once by processes that take over from each other', async () => {
    for (let i = 0; i < 5; i++) {
      desk.checks = [desk.newProcess()];
      await failing(MINUTE);
    }
    desk.behaviour.set(X, 'ok');
    for (let i = 0; i < 5; i++) {
      desk.checks = [desk.newProcess()];
      await desk.pass(MINUTE / 4);
    }
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(desk.reportedLevels).toEqual([FIRES, RECOVERS]);
  });

  it('is reported once although several processes check at the same moment', async () => {
    desk.checks = [desk.newProcess(), desk.newProcess(), desk.newProcess()];
    await failing(3 * MINUTE);
    desk.behaviour.set(X, 'ok');
    await desk.pass(3 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(new Set(desk.reported.map(({ id }) => id)).size).toBe(2);
  });

  it('is reported to the endpoints of its team’s policies: by key, wildcard and labels', async () => {
    const ids = ['key', 'all', 'label', 'other-label', 'other-team'];
    await desk.open(
      [named(X), ...ids.map((id) => named(id, id === 'other-team' ? { team: 'red' } : {}))],
      [
        policy('p', [X]),
        policy('tocsin', [X, 'key']),
        policy('*', [X, 'all']),
        policy('by label', ['label'], { match: { policy: 'tocsin', kind: '~endpoint|log', channel: 'http' } }),
        policy('by other label', ['other-label'], { match: { kind: 'redis' } }),
        policy('*', ['other-team'], { team: 'red' }),
      ],
    );
    await failing(2 * MINUTE);
    desk.behaviour.set(X, 'ok');
    await desk.pass(2 * MINUTE);
    for (const id of ['key', 'all', 'label']) expect(desk.reached(id), id).toEqual([FIRES, RECOVERS]);
    for (const id of [X, 'other-label', 'other-team']) expect(desk.reached(id), id).toEqual([]);
  });

  it('is reported although another endpoint has unreadable settings', async () => {
    await desk.open([named(X, { unreadable: 'sealed by another key' }), named(Y), named(Z, { unreadable: 'too' })]);
    await desk.pass(2 * MINUTE);
    expect(desk.reached(Y).sort()).toEqual([FIRES, `error endpoint:${Z}`]);
  });
});

it('a team with hundreds of troubles does not use up the quota of the others', async () => {
  const many = Array.from({ length: 150 }, (_, i) => named(`red-${i}`, { team: 'red', unreadable: 'no key' }));
  await desk.open([...many, named(Y), named(Z, { unreadable: 'no key' })], [policy('*', [Y])]);
  await desk.pass(MINUTE);
  expect(desk.reached(Y)).toEqual([`error endpoint:${Z}`]);
});

describe('Tocsin’s own alerts', () => {
  /** The health of a target is forgotten a day after its last attempt. */
  const forgetHealth = () =>
    Promise.all([X, Y].map((id) => gate.redis.del(`${shardPrefix(shardOf(id))}box:${id}.t:health`)));

  it.each(['down', 'refused'] as const)('about two endpoints that are %s, to each other, end', async (how) => {
    await desk.open([named(X, { pushPeriodMs: 0 }), named(Y, { pushPeriodMs: 0 })]);
    desk.behaviour.set(X, how).set(Y, how);
    await desk.alert('o');
    await desk.pass(10 * MINUTE);
    expect(desk.reportedLevels.toSorted()).toEqual([FIRES, `error endpoint:${Y}`]);
    await desk.pass(26 * HOUR, HOUR / 4);
    await forgetHealth();
    await desk.pass(2 * HOUR, HOUR / 4);
    expect(desk.reportedLevels.slice(2).toSorted()).toEqual([RECOVERS, `recovered endpoint:${Y}`]);
    await desk.pass(48 * HOUR, HOUR / 4);
    expect(desk.reported).toHaveLength(4);
    expect(desk.arrived).toEqual([]);
  });

  it('are one alert about an endpoint that receives nothing else and cannot take them', async () => {
    await desk.open([named(X), named(Y), named(Z)], [policy('p', [X]), policy('tocsin', [X, Y, Z])]);
    desk.behaviour.set(X, 'down').set(Y, 'down');
    for (let i = 0; i < 6; i++) await desk.alert(`o${i}`);
    await desk.pass(10 * MINUTE);
    expect(desk.reached(Z)).toEqual([FIRES, `error endpoint:${Y}`]);
    expect(desk.reported).toHaveLength(2);
  });

  it('are one alert about a flapping endpoint', async () => {
    for (let i = 0; i < 10; i++) {
      await failing(MINUTE);
      desk.behaviour.set(X, 'ok');
      await desk.pass(25 * SECOND);
    }
    expect(desk.reportedLevels).toEqual([FIRES]);
  });
});

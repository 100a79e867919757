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

/** Somebody's alerts keep coming. */
async function failing(ms: number, behaviour: 'down' | 'refused' = 'down'): Promise<void> {
  desk.behaviour.set(X, behaviour);
  for (let passed = 0; passed < ms; passed += MINUTE) {
    for (let i = 0; i < 6; i++) await desk.alert(`o${gate.now}-${i}`);
    await desk.pass(MINUTE);
  }
}

describe('an endpoint that began to fail', () => {
  it('is told of once, to others, with the receiver’s words, and once when it takes messages again', async () => {
    const began = gate.now;
    await failing(5 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES]);
    const event = desk.told[0];
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
    expect(desk.told).toHaveLength(2);
  });

  it('because its credential is refused is told of though nothing waits for it', async () => {
    await failing(MINUTE, 'refused');
    await desk.pass(10 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES]);
    expect(desk.told[0]?.content).toContain('401: words of x');
  });

  it('for less than half a minute is not told of', async () => {
    desk.behaviour.set(X, 'down');
    for (let i = 0; i < 8; i++) await desk.alert(`o${i}`);
    await desk.pass(20 * SECOND);
    desk.behaviour.set(X, 'ok');
    await desk.pass(5 * MINUTE);
    expect(desk.told).toEqual([]);
  });

  it.each(['disabled', 'deleted'])('and was %s is in no trouble any more', async (what) => {
    await failing(2 * MINUTE);
    gate.endpoints = what === 'disabled' ? [named(X, { enabled: false }), named(Y)] : [named(Y)];
    await desk.pass(2 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(desk.told[1]?.content).toBe(`The endpoint was ${what}.`);
  });

  it('and was renamed meanwhile is the same object, and recovers for whom its old name was matched', async () => {
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

  it('is told of once by processes that follow each other, whatever each knows', async () => {
    for (let i = 0; i < 5; i++) {
      desk.looks = [desk.newProcess()];
      await failing(MINUTE);
    }
    desk.behaviour.set(X, 'ok');
    for (let i = 0; i < 5; i++) {
      desk.looks = [desk.newProcess()];
      await desk.pass(MINUTE / 4);
    }
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(desk.levelsTold).toEqual([FIRES, RECOVERS]);
  });

  it('is told of once though two processes look at the same moment', async () => {
    desk.looks = [desk.newProcess(), desk.newProcess(), desk.newProcess()];
    await failing(3 * MINUTE);
    desk.behaviour.set(X, 'ok');
    await desk.pass(3 * MINUTE);
    expect(desk.reached(Y)).toEqual([FIRES, RECOVERS]);
    expect(new Set(desk.told.map(({ id }) => id)).size).toBe(2);
  });

  it('is told of to whom a policy of its team leads: by key, wildcard and labels', async () => {
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

  it('keeps no other from being told of an endpoint whose settings cannot be read', async () => {
    await desk.open([named(X, { unreadable: 'sealed by another key' }), named(Y), named(Z, { unreadable: 'too' })]);
    await desk.pass(2 * MINUTE);
    expect(desk.reached(Y).sort()).toEqual([FIRES, `error endpoint:${Z}`]);
  });
});

it('a team with trouble by the hundred does not keep others from hearing of theirs', async () => {
  const many = Array.from({ length: 150 }, (_, i) => named(`red-${i}`, { team: 'red', unreadable: 'no key' }));
  await desk.open([...many, named(Y), named(Z, { unreadable: 'no key' })], [policy('*', [Y])]);
  await desk.pass(MINUTE);
  expect(desk.reached(Y)).toEqual([`error endpoint:${Z}`]);
});

describe('alerts of Tocsin’s own', () => {
  /** What is known of a target is forgotten a day after its last try. */
  const forgetHealth = () =>
    Promise.all([X, Y].map((id) => gate.redis.del(`${shardPrefix(shardOf(id))}box:${id}.t:health`)));

  it.each(['down', 'refused'] as const)(
    'about two endpoints that are %s, to each other, come to an end',
    async (how) => {
      await desk.open([named(X, { pushPeriodMs: 0 }), named(Y, { pushPeriodMs: 0 })]);
      desk.behaviour.set(X, how).set(Y, how);
      await desk.alert('o');
      await desk.pass(10 * MINUTE);
      expect(desk.levelsTold.toSorted()).toEqual([FIRES, `error endpoint:${Y}`]);
      await desk.pass(26 * HOUR, HOUR / 4);
      await forgetHealth();
      await desk.pass(2 * HOUR, HOUR / 4);
      expect(desk.levelsTold.slice(2).toSorted()).toEqual([RECOVERS, `recovered endpoint:${Y}`]);
      await desk.pass(48 * HOUR, HOUR / 4);
      expect(desk.told).toHaveLength(4);
      expect(desk.arrived).toEqual([]);
    },
  );

  it('are one alert about an endpoint that gets nothing else and cannot take them', async () => {
    await desk.open([named(X), named(Y), named(Z)], [policy('p', [X]), policy('tocsin', [X, Y, Z])]);
    desk.behaviour.set(X, 'down').set(Y, 'down');
    for (let i = 0; i < 6; i++) await desk.alert(`o${i}`);
    await desk.pass(10 * MINUTE);
    expect(desk.reached(Z)).toEqual([FIRES, `error endpoint:${Y}`]);
    expect(desk.told).toHaveLength(2);
  });

  it('are few about an endpoint that comes and goes', async () => {
    for (let i = 0; i < 10; i++) {
      await failing(MINUTE);
      desk.behaviour.set(X, 'ok');
      await desk.pass(25 * SECOND);
    }
    expect(desk.levelsTold).toEqual([FIRES]);
  });
});

import { describe, expect, it } from 'vitest';
import { type AlertEvent, type Endpoint, type FormerLink, LEVELS, type Policy, type Settings } from '#libs/contracts';
import { EVENT_UNITS_MAX } from '#libs/matching';
import { createRouter, type Routing } from './router.js';

const endpoint = (id: string, team = 'default'): Endpoint =>
  ({ id, name: id, team, channel: 'http', enabled: true, levels: LEVELS }) as unknown as Endpoint;
const policy = (key: string, endpointIds: string[], over: Partial<Policy> = {}): Policy => ({
  key,
  name: key,
  team: 'default',
  endpointIds,
  match: null,
  enabled: true,
  ...over,
});
const event = (over: Partial<AlertEvent> = {}): AlertEvent => ({
  id: 'i',
  policy: 'cpu',
  object: 'o',
  level: 'fatal',
  ...over,
});

function router(policies: Policy[], formerLinks: FormerLink[] = []) {
  const ids = new Set(
    [...policies, ...formerLinks].flatMap(({ endpointIds, team }) => endpointIds.map((id) => `${team}/${id}`)),
  );
  const endpoints = new Map(
    [...ids].map((name) => {
      const [team, id] = name.split('/') as [string, string];
      return [id, endpoint(id, team)];
    }),
  );
  return createRouter({ version: 1, endpoints, policies, formerLinks } as Settings);
}

const ids = ({ routes }: Routing) => routes.map((route) => route.endpoint.id).sort();

describe('an event is routed to the endpoints of', () => {
  it.each([
    ['the policy of its key', [policy('cpu', ['a']), policy('disk', ['b'])], ['a']],
    ['the wildcard', [policy('*', ['a'])], ['a']],
    [
      'policies whose match it satisfies, regardless of its policy',
      [policy('any name', ['a'], { match: { object: '~o+' } })],
      ['a'],
    ],
    ['no policy whose key it has but whose match it fails', [policy('cpu', ['a'], { match: { level: 'info' } })], []],
    ['several policies, each endpoint once', [policy('cpu', ['a', 'b']), policy('*', ['b', 'c'])], ['a', 'b', 'c']],
    ['no policy of another team', [policy('cpu', ['a'], { team: 'other' })], []],
  ])('%s', (_, policies, expected) => {
    expect(ids(router(policies as Policy[]).route(event(), 'default'))).toEqual(expected);
  });
});

it('a platform key reaches the policies of all teams', () => {
  const all = router([policy('cpu', ['a']), policy('cpu', ['b'], { team: 'other' })]);
  expect(ids(all.route(event(), null))).toEqual(['a', 'b']);
});

it('an enabled policy routes to an endpoint that a disabled one names too', () => {
  const both = router([policy('cpu', ['a'], { enabled: false }), policy('*', ['a'])]);
  expect(both.route(event(), 'default').routes).toMatchObject([{ enabled: true, former: false }]);
  const one = router([policy('cpu', ['a'], { enabled: false })]);
  expect(one.route(event(), 'default').routes).toMatchObject([{ enabled: false, former: false }]);
});

it('only recoveries follow removed links, and a present link takes precedence', () => {
  const former = [{ policyKey: 'cpu', team: 'default', match: null, endpointIds: ['a'] }];
  expect(router([], former).route(event(), 'default').routes).toEqual([]);
  expect(router([], former).route(event({ level: 'recovered' }), 'default').routes).toMatchObject([{ former: true }]);
  expect(router([policy('cpu', ['a'])], former).route(event({ level: 'recovered' }), 'default').routes).toMatchObject([
    { former: false },
  ]);
});

it('policy names are those of their team; the key replaces a missing name', () => {
  const named = router([policy('cpu', ['a'], { name: 'CPU load' })]);
  expect(named.policyName('default', 'cpu')).toBe('CPU load');
  expect(named.policyName('other', 'cpu')).toBe('cpu');
});

describe('an alert about Tocsin itself', () => {
  const about = (object: string, over: Partial<AlertEvent> = {}) => event({ policy: 'tocsin', object, ...over });
  const routed = router([
    policy('tocsin', ['a']),
    policy('*', ['a', 'b']),
    policy('by label', ['c'], { match: { kind: 'endpoint' } }),
  ]);
  const reached = (one: AlertEvent) => ids(routed.route(one, 'default'));

  it('is routed by key, wildcard and label, but not to the endpoint that it is about', () => {
    const labels = { kind: 'endpoint' };
    expect(reached(about('endpoint:x', { labels }))).toEqual(['a', 'b', 'c']);
    expect(reached(about('endpoint:a', { labels }))).toEqual(['b', 'c']);
    expect(reached(about('endpoint:c', { labels }))).toEqual(['a', 'b']);
    expect(reached(about('endpoint:a', { labels, level: 'recovered' }))).toEqual(['b', 'c']);
  });

  it('is recognized by its policy and object alone', () => {
    expect(reached(about('log'))).toEqual(['a', 'b']);
    expect(reached(event({ object: 'endpoint:a' }))).toEqual(['a', 'b']);
  });
});

describe('matching work', () => {
  const hostile = '~(.*a.{30})*b.{40}c';
  const costly = (count: number, team = 'hostile') =>
    Array.from({ length: count }, (_, i) => policy(`p${i}`, ['a'], { team, match: { object: hostile } }));
  const long = event({ object: 'ab'.repeat(500) });

  it('of a team ends at its budget for an event; what is over it does not match, and is named once', () => {
    const routing = router(costly(1_000)).route(long, 'hostile');
    expect(routing.routes).toEqual([]);
    expect(routing.units).toBeLessThanOrEqual(EVENT_UNITS_MAX);
    expect(routing.overruns).toEqual([expect.objectContaining({ team: 'hostile', policy: 'p3', entry: 'object' })]);
  });

  it('of one team does not use the budget of another', () => {
    const routes = router([...costly(1_000), policy('p', ['b'], { team: 'ops', match: { object: '~(ab)*' } })]);
    expect(ids(routes.route(long, null))).toEqual(['b']);
  });

  it('is not spent on former links unless the event is a recovery', () => {
    const former = [{ policyKey: 'p', team: 'default', endpointIds: ['a'], match: { object: '~(ab)*' } }];
    const routes = router([], former);
    expect(routes.route(long, 'default')).toMatchObject({ routes: [], units: 0 });
    const recovery = routes.route({ ...long, level: 'recovered' }, 'default');
    expect(ids(recovery)).toEqual(['a']);
    expect(recovery.units).toBeGreaterThan(0);
  });

  it('over the budget keeps a recovery neither from present links nor from removed ones', () => {
    const match = { object: '~(ab)*' };
    const former = [{ policyKey: 'p', team: 'hostile', endpointIds: ['b'], match }];
    const present = policy('added before the others were', ['c'], { team: 'hostile', match });
    const routes = router([...costly(1_000), present], former);
    expect(routes.route({ ...long, level: 'recovered' }, 'hostile').routes).toMatchObject([
      { endpoint: { id: 'a' }, former: true },
      { endpoint: { id: 'c' }, former: true },
      { endpoint: { id: 'b' }, former: true },
    ]);
    expect(ids(routes.route(long, 'hostile'))).toEqual([]);
  });

  it('is expected of teams whose policies have expressions only', () => {
    const routes = router([policy('p', ['a'], { match: { region: 'gz' } }), ...costly(1)]);
    expect(['default', 'hostile', 'unknown', null].map((team) => routes.hasExpressions(team))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('does not begin before a team’s expressions are needed: they are compiled one policy at a time, once', () => {
    const routes = router(costly(3));
    expect([...routes.prepare('other')]).toEqual([]);
    expect([...routes.prepare('hostile')]).toHaveLength(3);
    expect([...routes.prepare('hostile')]).toEqual([]);
  });
});

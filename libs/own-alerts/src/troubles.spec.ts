import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '#libs/contracts';
import { type EndpointFacts, endpointTrouble, type TargetFacts } from './endpoint-trouble.js';
import { logTrouble } from './log-trouble.js';
import { redisTrouble } from './redis-trouble.js';

const AT = Date.parse('2026-11-20T08:00:00Z');
const endpoint: EndpointFacts = { id: 'e1', name: 'ops', team: 'red', channel: 'slack', changedAt: AT - 60_000 };
const target = (over: Partial<TargetFacts> = {}): TargetFacts => ({
  label: '#ops',
  state: 'failing',
  waiting: 3,
  running: 0,
  failures: 7,
  failingSince: AT,
  failedAt: AT,
  lastError: '503: down',
  ...over,
});

describe('Redis', () => {
  it.each([
    [0.6, 'no trouble'],
    [0.65, undefined],
    [0.71, undefined],
    [0.73, 'warning'],
    [0.79, 'warning'],
    [0.8, 'fatal'],
    [1, 'fatal'],
  ])('at %d of its memory has the trouble %s, with events taken in up to 0.8', (fullness, expected) => {
    const trouble = redisTrouble(fullness, 0.8, 'en');
    expect(trouble ? trouble.level : 'no trouble').toBe(expected);
  });
});

describe('the delivery log', () => {
  it.each([
    [0, 0, 'no trouble'],
    [19_000, 49_000, 'no trouble'],
    [21_000, 1, undefined],
    [1_000, 51_000, undefined],
    [60_000, 1, 'warning'],
    [1_000, 100_000, 'warning'],
    [600_000, 1, 'error'],
    [1_000, 1_000_000, 'error'],
  ])('%d ms behind with %d outcomes is %s', (behindMs, waiting, expected) => {
    const trouble = logTrouble({ behindMs, waiting }, 'en');
    expect(trouble ? trouble.level : 'no trouble').toBe(expected);
  });
});

describe('an endpoint', () => {
  it.each(['idle', 'retrying', 'throttled', 'rate limited', 'queued', 'sending', 'replaying'])(
    'with a target that is %s is in no trouble',
    (state) => expect(endpointTrouble(endpoint, [target({ state })], 'en')).toBeUndefined(),
  );

  it('is reported by its id, with the start, the number of failures, the provider’s words, the waiting deliveries and what to do', () => {
    const trouble = endpointTrouble(endpoint, [target({ state: 'idle' }), target()], 'en');
    expect(trouble).toMatchObject({
      object: 'endpoint:e1',
      objectName: 'ops',
      team: 'red',
      level: 'error',
      since: AT,
      labels: { kind: 'endpoint', endpoint: 'ops', channel: 'slack', target: '#ops' },
    });
    expect(trouble?.content).toBe(
      '#ops has failed 7 times in a row, since 2026-11-20T08:00:00Z: 503: down\n3 deliveries wait for it.\n' +
        'Waiting deliveries are retried until they expire: check whether the receiver is up and can be reached from here.',
    );
  });

  it('with many failing targets is reported in few lines, named for the one that failed first', () => {
    const many = Array.from({ length: 20 }, (_, i) => target({ label: `t${i}`, failingSince: AT - i }));
    const trouble = endpointTrouble(endpoint, many, 'en');
    expect(trouble?.labels.target).toBe('t19');
    expect(trouble?.content.split('\n')).toHaveLength(8);
  });

  it('changed after its last failure is in trouble only while deliveries wait', () => {
    const changed = { ...endpoint, changedAt: AT + 1 };
    const state = 'misconfigured';
    expect(endpointTrouble(changed, [target({ state, waiting: 0 })], 'en')).toBeUndefined();
    expect(endpointTrouble(changed, [target({ state, waiting: 1 })], 'en')).toBeDefined();
    expect(endpointTrouble(changed, [target({ state, waiting: 0, failedAt: AT + 2 })], 'en')).toBeDefined();
    expect(endpointTrouble(endpoint, [target({ state, waiting: 0 })], 'en')).toBeDefined();
    expect(endpointTrouble({ ...endpoint, changedAt: Number.NaN }, [target({ waiting: 0 })], 'en')).toBeDefined();
  });

  it.each(LANGUAGES)('with unreadable settings is in trouble and gives the reason, in %s', (lang) => {
    const trouble = endpointTrouble({ ...endpoint, unreadable: 'another key' }, [], lang);
    expect(trouble).toMatchObject({ level: 'error', since: undefined });
    expect(trouble?.content).toContain('another key');
  });
});

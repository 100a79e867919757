import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { UnknownPayload } from '../source.js';
import { readPostedAlerts } from './read.js';

const NOW = Date.parse('2026-11-20T08:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();
const alert = (over: Record<string, unknown> = {}) => ({ labels: { alertname: 'A', instance: 'i' }, ...over });
const read = (body: unknown, nowMs = NOW) => [...readPostedAlerts(body, nowMs).alerts];
const errorsOf = (body: unknown) => read([body]).flatMap((found) => (found.ok ? [] : found.errors));
const firstOf = (body: unknown, nowMs = NOW) => {
  const [first] = read([body], nowMs);
  if (!first?.ok) throw new Error(`not taken: ${JSON.stringify(first)}`);
  return first;
};

describe('alerts posted as to an Alertmanager', () => {
  it.each([
    ['in the future is when it has to be repeated', { endsAt: at(240) }, 'warning', NOW + 240_000],
    ['absent means five minutes', {}, 'warning', NOW + 300_000],
    ["of Go's zero time is absent", { endsAt: '0001-01-01T00:00:00Z' }, 'warning', NOW + 300_000],
    ["of Go's zero time in Shanghai is absent", { endsAt: '0001-01-01T08:05:43+08:05' }, 'warning', NOW + 300_000],
    ['empty is absent', { endsAt: '' }, 'warning', NOW + 300_000],
    ['null is absent', { endsAt: null }, 'warning', NOW + 300_000],
    [
      'in years means the seven days after which an episode ends',
      { endsAt: '9999-12-31T23:59:59Z' },
      'warning',
      NOW + 604_800_000,
    ],
    ['in the past is a recovery', { endsAt: at(-1) }, 'recovered', undefined],
    ['of this moment is a recovery', { endsAt: at(0) }, 'recovered', undefined],
    ['may have a zone and nanoseconds', { endsAt: '2026-11-20T16:04:00.123456789+08:00' }, 'warning', NOW + 240_123],
  ])('an endsAt %s', (_, over, level, firingUntilMs) => {
    const found = firstOf(alert(over));
    expect(found.event.level).toBe(level);
    expect(found.firingUntilMs).toBe(firingUntilMs);
  });

  it('have an end only if they recovered', () => {
    expect(firstOf(alert({ startsAt: at(-60), endsAt: at(60) })).event).toMatchObject({ startsAt: at(-60) });
    expect(firstOf(alert({ endsAt: at(60) })).event.endsAt).toBeUndefined();
    expect(firstOf(alert({ startsAt: at(-60), endsAt: at(-5) })).event).toMatchObject({ endsAt: at(-5) });
  });

  it.each([
    ['critical', 'fatal'],
    ['CRITICAL', 'fatal'],
    ['fatal', 'fatal'],
    ['Page', 'fatal'],
    ['error', 'error'],
    ['major', 'error'],
    ['high', 'error'],
    ['warning', 'warning'],
    ['minor', 'warning'],
    ['medium', 'warning'],
    ['info', 'info'],
    ['none', 'info'],
    ['low', 'info'],
    ['', 'warning'],
    ['P1', 'warning'],
    ['recovered', 'warning'],
    ['constructor', 'warning'],
  ])('of severity %j are %s', (severity, level) => {
    expect(firstOf({ labels: { alertname: 'A', severity } }).event.level).toBe(level);
  });

  it('keep their labels and annotations, without empty ones', () => {
    const { event } = firstOf({
      labels: { alertname: 'A', instance: '', pod: 'p', zone: null },
      annotations: { summary: 's', description: 'd', runbook: 'r', empty: '' },
      generatorURL: 'http://p/graph',
    });
    expect(event).toEqual({
      policy: 'A',
      object: firstOf({ labels: { alertname: 'A', pod: 'p' } }).event.object,
      objectName: 'p',
      level: 'warning',
      title: 's',
      content: 'd',
      url: 'http://p/graph',
      labels: { alertname: 'A', pod: 'p' },
      annotations: { summary: 's', description: 'd', runbook: 'r' },
    });
  });

  it('are read in their order; a bad one does not affect the others', () => {
    const found = read([alert(), 7, alert({ endsAt: at(-1) }), { labels: {} }, alert()]);
    expect(found.map(({ ok }) => ok)).toEqual([true, false, true, false, true]);
  });

  it.each([
    [null, '', 'must be an object, not null'],
    [7, '', 'must be an object, not 7'],
    [[], '', 'must be an object, not an array'],
    [{}, 'labels', 'has no label that is not empty, at least 1 is needed'],
    [{ labels: { a: '' } }, 'labels', 'has no label that is not empty, at least 1 is needed'],
    [{ labels: [] }, 'labels', 'must be an object, not an array'],
    [{ labels: 'a' }, 'labels', 'must be an object, not a string'],
    [{ labels: { alertname: 5 } }, 'labels.alertname', 'must be a string, not 5'],
    [{ labels: { alertname: 'A', a: { b: 'c' } } }, 'labels.a', 'must be a string, not an object'],
    [alert({ annotations: { summary: ['x'] } }), 'annotations.summary', 'must be a string, not an array'],
    [alert({ startsAt: 1_700_000_000 }), 'startsAt', 'must be a time in RFC 3339, such as 2026-11-20T08:00:00Z'],
    [alert({ endsAt: '2026-02-30T00:00:00Z' }), 'endsAt', 'must be a time in RFC 3339, such as 2026-11-20T08:00:00Z'],
    [alert({ startsAt: at(5), endsAt: at(-5) }), 'endsAt', `is ${at(-5)}, before startsAt, ${at(5)}`],
    [alert({ generatorURL: {} }), 'generatorURL', 'must be a string, not an object'],
    [JSON.parse('{"labels":{"__proto__":"x","alertname":"A"}}'), 'labels.__proto__', 'is not an allowed name'],
    [
      JSON.parse('{"labels":{"a":"b"},"annotations":{"__proto__":{}}}'),
      'annotations.__proto__',
      'is not an allowed name',
    ],
  ])('%j is refused by its field, what was found and what is allowed', (body, path, message) => {
    expect(errorsOf(body)).toContainEqual({ path, message });
  });

  it('may have unknown fields with any name', () => {
    const strange = { constructor: { prototype: 1 }, toString: 'x', status: { state: 'active' }, receivers: null };
    expect(
      firstOf({ ...alert(strange), labels: { alertname: 'A', constructor: 'c', toString: 't' } }).event.labels,
    ).toEqual({
      alertname: 'A',
      constructor: 'c',
      toString: 't',
    });
  });

  it('have at most a thousand labels and annotations, and a body 20,000 alerts: more are refused unread', () => {
    const texts = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x']));
    const { event } = firstOf({ labels: texts(1_000), annotations: texts(1_000) });
    expect(Object.keys(event.labels ?? {})).toHaveLength(1_000);
    const message = 'has 200000 entries, at most 1000 are allowed';
    expect(errorsOf({ labels: texts(200_000) })).toEqual([{ path: 'labels', message }]);
    expect(errorsOf(alert({ annotations: Array.from({ length: 200_000 }, () => 1) }))).toEqual([
      { path: 'annotations', message },
    ]);
    const alerts = Array.from({ length: 20_001 }, () => 7);
    for (const body of [alerts, { alerts }]) expect(() => read(body)).toThrow(UnknownPayload);
    expect(firstOf({ labels: { alertname: 'x'.repeat(1 << 20) } }).event.policy).toHaveLength(256);
  });

  it.each([[undefined], [null], ['[]'], [7], [true]])('a body of %j is none of the formats', (body) => {
    expect(() => read(body)).toThrow(UnknownPayload);
  });

  it('may be an empty list, as in Alertmanager', () => {
    expect(read([])).toEqual([]);
  });
});

describe('alerts that Prometheus posts', () => {
  const endOf = (name: string, index = 0) => (fixture(name).body as { endsAt: string }[])[index]?.endsAt as string;
  /** Reads a fixture just before the end of its first alert. */
  const justInTime = (name: string) => read(fixture(name).body, Date.parse(endOf(name)) - 1);

  it('fires until it has to be repeated, and a repeat is of the same object', () => {
    const [first] = justInTime('prometheus/firing');
    expect(first).toMatchObject({
      ok: true,
      firingUntilMs: Date.parse(endOf('prometheus/firing')),
      event: {
        policy: 'DiskFull',
        object: expect.stringMatching(/^127\.0\.0\.1:\d+#[0-9a-f]{8}$/),
        level: 'fatal',
        title: '磁盘 C:\\data "a" is full',
        content: 'line one\nline "two" <b>&amp;</b> 1',
        url: expect.stringContaining('g0.expr=disk_full'),
        labels: { mount: 'C:\\data "a"', note: '数据盘 <&> 50%', prometheus_replica: 'r0', region: 'gz' },
      },
    });
    const [repeated] = justInTime('prometheus/repeated');
    expect(repeated?.ok && repeated.event.object).toBe(first?.ok && first.event.object);
  });

  it('recovers by an end in the past, and several alerts are several objects', () => {
    const endsAt = endOf('prometheus/resolved');
    const [resolved] = read(fixture('prometheus/resolved').body, Date.parse(endsAt));
    expect(resolved).toMatchObject({ ok: true, event: { level: 'recovered', endsAt } });
    const several = justInTime('prometheus/several');
    expect(new Set(several.map((found) => found.ok && found.event.object)).size).toBe(several.length);
    expect(several.length).toBeGreaterThanOrEqual(3);
  });
});

it('the object that KubeSphere posts to the same path is a webhook: its alerts have no expiry', () => {
  const [firing, resolved] = read(fixture('prometheus/kubesphere-firing').body);
  expect(firing).toMatchObject({
    ok: true,
    event: {
      policy: 'KubePodCrashLooping',
      objectName: 'cart-0',
      level: 'fatal',
      title: '容器组 shop/cart-0 反复重启',
      content: 'Pod shop/cart-0 (app) is restarting 1.07 times / 5 minutes.',
    },
  });
  expect(firing).not.toHaveProperty('firingUntilMs');
  expect(resolved).toMatchObject({
    event: { level: 'recovered', title: 'cart-1 restarts', endsAt: '2026-02-26T07:10:00Z' },
  });
});

import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Level } from '#libs/contracts';
import { hostileEvents } from '../../test/hostile-events.js';
import type { Behaviour } from '../../test/receiver.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { dedupKey, eventBody } from './event.js';
import { eventComplaints, type FakePagerduty, invalid, ROUTING_KEY, startPagerduty } from './fake-provider.js';
import { pagerduty } from './index.js';

const testIo = createTestIo();
let fake: FakePagerduty;
beforeAll(async () => {
  fake = await startPagerduty();
});
afterEach(() => expect(fake.complaints).toEqual([]));
afterAll(() => Promise.all([fake.close(), testIo.close()]));

async function send(changes: Parameters<typeof testMessage>[1] = {}) {
  const config = pagerduty.config.parse(fake.config);
  const [target = expect.unreachable('there is no target')] = pagerduty.targets(config);
  return pagerduty.send(testMessage(pagerduty, changes, 'en'), { config, target }, testIo.io());
}

describe('an alert', () => {
  it('is triggered, and resolved by its recovery under the same key', async () => {
    expect(await send()).toMatchObject({ kind: 'delivered', code: '202' });
    const [key = ''] = fake.open;
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await send({ event: { level: 'recovered' } })).toMatchObject({ kind: 'delivered' });
    expect(fake.accepted.at(-1)).toMatchObject({ event_action: 'resolve', dedup_key: key });
    expect(fake.open.size).toBe(0);
  });

  it('has title, object, start, severity, links and delivery id', async () => {
    const event = {
      objectName: 'host 42',
      startsAt: '2026-11-20T08:00:00Z',
      labels: { job: 'node', cluster: 'gz-1' },
      annotations: { runbook_url: 'https://r.example/cpu' },
      url: 'https://g.example/d?a=1',
      unit: '%',
    };
    await send({ deliveryId: 'd42_r1', event });
    expect(fake.accepted.at(-1)).toMatchObject({
      links: [
        { href: 'https://g.example/d?a=1', text: 'Alert' },
        { href: 'https://r.example/cpu', text: 'Runbook' },
      ],
      payload: {
        summary: '[Fatal] CPU "high" \\ <b>& at 90 %',
        source: 'host 42',
        severity: 'critical',
        timestamp: '2026-11-20T08:00:00Z',
        component: 'node',
        group: 'gz-1',
        class: 'CPU high',
        custom_details: { delivery_id: 'd42_r1', value: 93.4, unit: '%', labels: event.labels, suppressed_count: 3 },
      },
    });
  });

  it.each<[Level, string]>([
    ['fatal', 'critical'],
    ['error', 'error'],
    ['nodata', 'warning'],
    ['warning', 'warning'],
    ['info', 'info'],
  ])('of level %s is %s', async (level, severity) => {
    await send({ event: { level } });
    expect(fake.accepted.at(-1)).toMatchObject({ event_action: 'trigger', payload: { severity } });
  });

  it('has a summary even if the template renders none', async () => {
    await send({ title: ' \n\0' });
    expect(fake.accepted.at(-1)?.payload.summary).toBe('[Fatal] host-42');
  });
});

describe('the key of an alert', () => {
  const of = (team: string, policy: string, object: string) => dedupKey({ team, policy, object });

  it('is the same as in earlier versions, so that their open alerts are resolved', () => {
    expect(of('default', 'cpu-high', 'host-42')).toBe(
      '4017708062ad298f1852468130f96c28a138a804c4ae22a4e4878230101ecdf3',
    );
  });

  it('differs by team, policy and object', () => {
    const keys = [
      of('a', 'b', 'c'),
      of('x', 'b', 'c'),
      of('a', 'x', 'c'),
      of('a', 'b', 'x'),
      of('a', 'bc', ''),
      of('ab', 'c', ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a test', () => {
  it('opens an alert and resolves it at once', async () => {
    const before = fake.accepted.length;
    expect(await send({ test: true, event: { level: 'info', object: 'ops' } })).toMatchObject({ kind: 'delivered' });
    expect(fake.accepted.slice(before).map((event) => event.event_action)).toEqual(['trigger', 'resolve']);
    expect(new Set(fake.accepted.slice(before).map((event) => event.dedup_key)).size).toBe(1);
  });

  it('that is refused is not resolved, and its outcome is returned', async () => {
    fake.play('misconfigured');
    expect(await send({ test: true })).toMatchObject({ kind: 'misconfigured', code: '400' });
    fake.play('delivered');
  });
});

describe('any event', () => {
  it('is sent in a form that PagerDuty accepts', () => {
    fc.assert(
      fc.property(hostileEvents, (event) => {
        const body = eventBody(testMessage(pagerduty, { event }), ROUTING_KEY, 'trigger');
        expect(eventComplaints(JSON.parse(body))).toEqual([]);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('that is too large is sent without its details, with a note', async () => {
    const labels = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`n${n}`, '\u0001'.repeat(1_000)]));
    expect(await send({ event: { labels } })).toMatchObject({ kind: 'delivered' });
    expect(fake.accepted.at(-1)?.payload.custom_details).toEqual({
      note: 'the details are left out because the event would exceed 512000 bytes',
      delivery_id: 'd1',
    });
  });
});

describe('answers', () => {
  let other: typeof fake;
  beforeAll(async () => {
    other = await startPagerduty();
  });
  afterAll(() => other.close());

  it.each<[string, Behaviour, Awaited<ReturnType<typeof send>>]>([
    [
      'a wrong key',
      invalid("Length of 'routing_key' is incorrect (should be 32 characters)"),
      {
        kind: 'misconfigured',
        code: '400',
        message:
          "PagerDuty answered 400: Length of 'routing_key' is incorrect (should be 32 characters); use the integration key " +
          'of an integration "Events API V2", not a key of the REST API',
      },
    ],
    ['another wrong key', { status: 400, body: 'Invalid routing key' }, { kind: 'misconfigured' }],
    [
      'a wrong event',
      invalid("'payload.severity' is invalid"),
      { kind: 'rejected', message: "PagerDuty answered 400: 'payload.severity' is invalid" },
    ],
    ['403', { status: 403 }, { kind: 'misconfigured' }],
    [
      '404',
      { status: 404 },
      { kind: 'misconfigured', message: 'PagerDuty answered 404; check `apiUrl`; the Events API answers 202' },
    ],
    ['413', { status: 413 }, { kind: 'rejected' }],
    ['429 without a time to wait', { status: 429 }, { kind: 'throttled' }],
    ['429 with one', { status: 429, headers: { 'retry-after': '60' } }, { kind: 'throttled', retryAfterMs: 60_000 }],
    ['503', { status: 503 }, { kind: 'unavailable' }],
    ['202 without a body', { status: 202 }, { kind: 'delivered' }],
    [
      '200 of a gateway with the result of success',
      { status: 200, body: '{"status":"success"}' },
      { kind: 'delivered' },
    ],
    [
      '202 with the result of a refusal',
      { status: 202, body: '{"status":"invalid event","message":"Event object is invalid","errors":["no source"]}' },
      { kind: 'rejected', code: '202', message: 'PagerDuty answered 202: no source' },
    ],
    ['200 with an HTML page', { status: 200, body: '<html>' }, { kind: 'unknown', code: '200' }],
  ])('%s', async (_name, behaviour, expected) => {
    other.behave(behaviour);
    const config = pagerduty.config.parse(other.config);
    const target = { id: 'service', label: '' };
    expect(await pagerduty.send(testMessage(pagerduty), { config, target }, testIo.io())).toMatchObject(expected);
  });
});

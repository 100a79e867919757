import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedis } from '#libs/redis';
import { fixture } from '../../../libs/sources/test/fixture.js';
import { sharedRedisUrl, waitFor } from '../../support/index.js';
import { type Api, type Json, openApi, openSink } from './open-api.js';

const V2 = '/api/v2/alerts';
const ALERTMANAGER = '/api/v1/ingest/alertmanager';
const GRAFANA = '/api/v1/ingest/grafana';
const CLOUD_EVENTS = '/api/v1/ingest/cloudevents';
const redisUrl = sharedRedisUrl(10);
const redis = createRedis({ kind: 'single', url: redisUrl }, 'work');
const alert = (over: Record<string, unknown> = {}) => ({
  status: 'firing',
  labels: { alertname: 'HighLoad', instance: 'db1', severity: 'critical' },
  annotations: { summary: 'load of db1' },
  ...over,
});
const soon = () => new Date(Date.now() + 240_000).toISOString();
const past = () => new Date(Date.now() - 1_000).toISOString();

let api: Api;
let endpoint: string;
beforeAll(async () => {
  api = await openApi({ redisUrl });
  endpoint = await openSink(api);
});
beforeEach(() => redis.flushdb());
afterAll(async () => {
  redis.disconnect();
  await api.close();
});

/** Waiting deliveries of the endpoint, in the order of arrival. No worker serves it. */
async function waiting(): Promise<Json[]> {
  const { json } = await api.get(`/api/v1/deliveries?status=waiting&endpoint=${endpoint}`);
  return json.items.map(({ policy, object, level, title }: Json) => ({ policy, object, level, title }));
}

describe('alerts posted to the API of Alertmanager', () => {
  it('are answered with an empty 200; a repeated alert is pushed once, and its recovery follows', async () => {
    const firing = await api.post(V2, [alert({ endsAt: soon() })], api.as('ingest-key'));
    expect([firing.status, firing.text]).toEqual([200, '']);
    await api.post(V2, [alert({ endsAt: soon() })]);
    expect(await waiting()).toEqual([
      { policy: 'HighLoad', object: expect.stringMatching(/^db1#/), level: 'fatal', title: 'load of db1' },
    ]);
    expect((await api.post(V2, [alert({ endsAt: past() })])).status).toBe(200);
    expect((await waiting()).map(({ level }) => level).sort()).toEqual(['fatal', 'recovered']);
  });

  it('are accepted if valid, while a 400 names the invalid ones', async () => {
    const { status, json } = await api.post(V2, [alert(), { labels: {} }, alert({ endsAt: 'never' })]);
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { path: '1.labels', message: 'has no label that is not empty, at least 1 is needed' },
      { path: '2.endsAt', message: expect.stringContaining('RFC 3339') },
    ]);
    expect(json.detail).toContain('1.labels');
    expect(await waiting()).toHaveLength(1);
  });

  it('may be a recorded request of Prometheus, with its headers', async () => {
    for (const name of ['firing', 'repeated', 'several', 'resolved']) {
      const { headers, path, body } = fixture(`prometheus/${name}`);
      expect(path).toBe('/prometheus/api/v2/alerts');
      const sent = { 'content-type': headers['content-type'] as string, 'user-agent': headers['user-agent'] as string };
      expect((await api.post(V2, body, sent)).status).toBe(200);
    }
  });

  it('may be the webhook object of KubeSphere, whose invalid alerts are named', async () => {
    expect((await api.post(V2, fixture('prometheus/kubesphere-firing').body)).status).toBe(200);
    expect(await waiting()).toMatchObject([{ policy: 'KubePodCrashLooping', title: '容器组 shop/cart-0 反复重启' }]);
    const bad = await api.post(V2, { alerts: [alert(), alert({ status: 'gone' })] });
    expect(bad.json.errors[0].path).toBe('alerts.1.status');
  });

  it('may be an empty list', async () => {
    expect((await api.post(V2, [])).status).toBe(200);
    expect((await api.post(V2, { alerts: null })).status).toBe(200);
  });

  it.each([
    ['no body', undefined, {}, 400],
    ['a text', '"x"', {}, 400],
    ['an object without alerts', '{}', {}, 400],
    ['broken JSON', '[{', {}, 400],
    ['only bad alerts', '[{"labels":{"a":5}}]', {}, 400],
    ['NDJSON', '{}', { 'content-type': 'application/x-ndjson' }, 415],
    ['a CloudEvent', '{}', { 'content-type': 'application/cloudevents+json' }, 415],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['more than 16 MiB', `[${'1,'.repeat(9_000_000)}1]`, {}, 413],
  ])('of %s are a problem', async (_, body, headers, status) => {
    const answer = await api.post(V2, body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, detail: expect.any(String) });
  });
});

describe('webhooks', () => {
  it("of Alertmanager are counted by each alert's own status", async () => {
    const send = async (name: string) => (await api.post(ALERTMANAGER, fixture(name).body, api.as('ingest-key'))).json;
    expect(await send('alertmanager/firing')).toMatchObject({ received: 1, queued: 1 });
    expect(await send('alertmanager/firing')).toMatchObject({ queued: 0, suppressed: { period: 1 }, duplicates: 0 });
    expect(await send('alertmanager/mixed')).toMatchObject({ received: 4, queued: 4 });
    expect(await send('alertmanager/mixed')).toMatchObject({ queued: 0, suppressed: { period: 3, recovery: 1 } });
    expect(await send('alertmanager/truncated')).toMatchObject({ received: 1, truncatedAlerts: 3 });
  });

  it.each(['POST', 'PUT'] as const)('of Grafana are accepted by %s, and answered alert by alert', async (method) => {
    const { status, json } = await api.send(method, `${GRAFANA}?detail=true`, fixture('grafana/mixed').body);
    expect(status).toBe(202);
    expect(json).toMatchObject({ received: 3, queued: 2, suppressed: { recovery: 1 }, rejected: [] });
    expect(json).not.toHaveProperty('truncatedAlerts');
    expect(json.results.map(({ result }: Json) => result)).toEqual(['taken', 'taken', 'taken']);
    expect((await waiting()).map(({ policy }) => policy).sort()).toEqual(['DatasourceNoData', 'Memory']);
  });

  it('lose only their invalid alerts, hostile ones too; a 400 means that all were invalid', async () => {
    const body = `{"alerts":[${JSON.stringify(alert())},{"status":"firing","labels":{"alertname":"A","__proto__":"x"}},7],"__proto__":{}}`;
    const some = await api.post(ALERTMANAGER, body);
    expect(some.status).toBe(202);
    expect(some.json).toMatchObject({
      received: 3,
      queued: 1,
      rejected: [
        { index: 1, errors: [{ path: 'labels.__proto__', message: 'is not an allowed name' }] },
        { index: 2, errors: [{ path: '', message: 'must be an object, not 7' }] },
      ],
    });
    const all = await api.post(GRAFANA, { alerts: [alert({ status: 5 }), alert({ labels: null })] });
    expect(all.status).toBe(400);
    expect(all.json.errors.map(({ path }: Json) => path)).toEqual(['alerts.0.status', 'alerts.1.labels']);
    expect((await api.post(ALERTMANAGER, { alert: [] })).json.errors[0].path).toBe('alerts');
  });

  it('accept an alert whose description is too long for an event, with its texts cut', async () => {
    const description = '磁盘😀'.repeat(100_000);
    const { json } = await api.post(ALERTMANAGER, {
      alerts: [alert({ annotations: { summary: 'kept', description } })],
    });
    expect(json).toMatchObject({ queued: 1, rejected: [] });
    expect(await waiting()).toMatchObject([{ title: 'kept' }]);
    const labels = { alertname: 'A', blob: 'x'.repeat(70_000) };
    expect((await api.post(ALERTMANAGER, { alerts: [alert({ labels })] })).status).toBe(413);
    expect((await api.post(V2, [alert({ labels }), alert()])).json.errors[0].message).toContain('65536');
  });

  it('may have more alerts than an array of events', async () => {
    const alerts = Array.from({ length: 6_000 }, (_, i) =>
      alert({ labels: { alertname: 'Many', instance: `i${i % 10}` } }),
    );
    const { json } = await api.post(ALERTMANAGER, { alerts });
    expect(json).toMatchObject({ received: 6_000, queued: 10, suppressed: { period: 5_990 } });
  });
});

describe('CloudEvents', () => {
  const data = { policy: 'cpu', object: 'host', level: 'fatal', title: '磁盘' };
  const made = (over: object = {}) =>
    new CloudEvent({ id: '1', source: '/monitor/gz', type: 'example.alert', data, ...over });
  const structured = (event: CloudEvent<unknown>) => {
    const { headers, body } = HTTP.structured(event);
    return api.post(`${CLOUD_EVENTS}?detail=true`, body, headers as Record<string, string>);
  };
  const batch = (events: unknown, type = 'application/cloudevents-batch+json') =>
    api.post(CLOUD_EVENTS, events, { 'content-type': type });

  it('are the same event in each mode, identified by source and id', async () => {
    const first = await structured(made());
    expect(first.status).toBe(202);
    expect(first.json).toMatchObject({ queued: 1, results: [{ id: '/monitor/gz 1', result: 'taken' }] });
    const { headers, body } = HTTP.binary(made());
    expect((await api.post(CLOUD_EVENTS, body, headers as Record<string, string>)).json.duplicates).toBe(1);
    expect((await batch([made().toJSON()], 'Application/CloudEvents-Batch+JSON; charset=UTF-8')).json.duplicates).toBe(
      1,
    );
    const bytes = made({ data: undefined, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') });
    expect((await structured(bytes)).json.duplicates).toBe(1);
    expect((await structured(made({ id: '2' }))).json).toMatchObject({ duplicates: 0, suppressed: { period: 1 } });
    expect(await waiting()).toMatchObject([{ policy: 'cpu', title: '磁盘' }]);
  });

  it('of a batch are checked one by one, and their data like any event', async () => {
    const bad = made({ id: '3', data: { ...data, polcy: 'x' } }).toJSON();
    const { status, json } = await batch([made().toJSON(), bad, { specversion: '1.0' }]);
    expect(status).toBe(202);
    expect(json).toMatchObject({ received: 3, queued: 1 });
    expect(json.rejected.map(({ errors }: Json) => errors[0])).toEqual([
      { path: 'data.polcy', message: 'is not a known field' },
      { path: 'id', message: 'is required and must be a string' },
    ]);
    expect((await batch([])).json).toMatchObject({ received: 0 });
    expect((await batch([bad])).json.errors[0].path).toBe('0.data.polcy');
    expect((await batch({})).json.errors[0].message).toContain('array of CloudEvents');
  });

  it.each([
    ['no attributes', JSON.stringify(data), { 'content-type': 'application/json' }, 400, ''],
    ['no body', undefined, { 'content-type': 'application/cloudevents+json' }, 400, ''],
    [
      'no level in the data',
      JSON.stringify({ ...made({ data: { policy: 'p', object: 'o' } }).toJSON() }),
      {},
      400,
      'data.level',
    ],
    [
      'a header that is not UTF-8',
      JSON.stringify(data),
      { 'content-type': 'application/json', 'ce-id': '%ff' },
      400,
      'ce-id',
    ],
    [
      'data over 64 KiB',
      JSON.stringify(made({ data: { ...data, content: 'x'.repeat(70_000) } }).toJSON()),
      {},
      413,
      'data',
    ],
    ['an unsupported format', '<a/>', { 'content-type': 'application/cloudevents+xml' }, 415, ''],
    ['another charset', '{}', { 'content-type': 'application/cloudevents+json; charset=gbk' }, 415, ''],
  ])('with %s are a problem', async (_, body, headers, status, path) => {
    const sent = { 'content-type': 'application/cloudevents+json', ...headers };
    const answer = await api.post(CLOUD_EVENTS, body, sent);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status, detail: expect.any(String) });
    if (path) expect(answer.json.errors[0].path).toBe(path);
  });

  it('are allowed from the origin that requests it', async () => {
    const { status, headers } = await api.send('OPTIONS', CLOUD_EVENTS, undefined, {
      'webhook-request-origin': 'events.example',
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      allow: 'POST',
      'webhook-allowed-origin': 'events.example',
      'webhook-allowed-rate': '*',
    });
    expect((await api.send('OPTIONS', CLOUD_EVENTS, undefined, { authorization: '' })).status).toBe(401);
  });
});

const ROUTES: [string, unknown, Record<string, string>?][] = [
  [V2, [alert()]],
  [ALERTMANAGER, { alerts: [alert()] }],
  [GRAFANA, { alerts: [alert()] }],
  [
    CLOUD_EVENTS,
    { specversion: '1.0', id: '1', source: '/s', type: 't', data: { policy: 'p', object: 'o', level: 'info' } },
    { 'content-type': 'application/cloudevents+json' },
  ],
];

it.each(ROUTES)('%s requires a key that may post events', async (url, body, type) => {
  expect((await api.post(url, body, { ...type, authorization: '' })).status).toBe(401);
  expect((await api.post(url, body, { ...type, ...api.as('wrong-key') })).status).toBe(401);
  expect((await api.post(url, body, { ...type, ...api.as('viewer-key') })).status).toBe(403);
  expect((await api.post(url, body, { ...type, ...api.as('ingest-key') })).status).toBeLessThan(300);
  expect((await api.get(url)).status).toBe(405);
});

it('over a quota, senders that do not retry after 429 get a 503', async () => {
  const env = { TOCSIN_TEAM_QUOTA: '1' };
  const limited = await openApi({ redisUrl, databaseUrl: api.databaseUrl, skipMigration: true, env });
  await waitFor(async () => (await limited.get('/readyz')).status === 200);
  await limited.post(V2, [alert()]);
  for (const [url, body, type] of ROUTES) {
    const { status, headers, json } = await limited.post(url, body, type);
    expect([url, status]).toEqual([url, url === CLOUD_EVENTS ? 429 : 503]);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(json.detail).toContain('quota');
  }
  await limited.close();
});

it('no alert is acknowledged without settings', async () => {
  const alone = await openApi({ redisUrl, databaseUrl: 'postgres://nobody@127.0.0.1:9/none', skipMigration: true });
  for (const [url, body, type] of ROUTES) {
    const { status, headers } = await waitFor(async () => {
      const found = await alone.post(url, body, type);
      return found.json.detail.includes('settings') && found;
    });
    expect([url, status, headers['retry-after']]).toEqual([url, 503, '5']);
  }
  await alone.close();
});

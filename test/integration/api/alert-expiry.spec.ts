import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { type Api, type Json, KEY, openApi, openSink } from './open-api.js';

/** The expiry clock, which only this spec moves. */
const reading = { shows: Date.now(), resumed: 0 };
const expiryClock = { beat: async () => ({ ...reading }), read: async () => ({ ...reading }) };

let redis: TestRedis;
let api: Api;
let endpoint: string;
beforeAll(async () => {
  redis = await startRedis({ appendonly: true });
  api = await openApi({ redisUrl: redis.url, expiryClock });
  endpoint = await openSink(api);
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

const alert = (instance: string, secondsAhead?: number) => ({
  labels: { alertname: 'Down', instance, severity: 'critical' },
  annotations: { summary: `${instance} is down` },
  ...(secondsAhead !== undefined && { endsAt: new Date(Date.now() + secondsAhead * 1_000).toISOString() }),
});
const post = async (alerts: unknown[], key = 'ingest-key') =>
  (await api.post('/api/v2/alerts', alerts, api.as(key))).status;
/** A metric of this moment; `/metrics` shares its text for a second. */
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await api.parts.metrics.metrics())?.[1]);
/** Levels that were queued for an object, by time. */
async function queued(objectName: string): Promise<string[]> {
  const { json } = await api.get(`/api/v1/deliveries?status=waiting&endpoint=${endpoint}&limit=200`);
  return json.items
    .filter(({ object }: Json) => object.startsWith(objectName))
    .map(({ level }: Json) => level)
    .sort();
}

it('an alert posted to /api/v2/alerts recovers if it is not repeated, for the team of the key that posted it', async () => {
  expect(await post([alert('a', 60), alert('b', 60), alert('c')])).toBe(200);
  expect(await metric('tocsin_leases')).toBe(3);
  reading.shows += 80_000;
  expect(await post([alert('b', 60)])).toBe(200);
  reading.shows += 15_000;
  await waitFor(async () => (await queued('a')).length === 2, { what: 'the recovery' });
  expect(await queued('a')).toEqual(['fatal', 'recovered']);
  expect(await queued('b')).toEqual(['fatal']);
  expect(await queued('c')).toEqual(['fatal']);
  await waitFor(async () => (await metric('tocsin_leases')) === 2, { what: 'the alert to be gone' });
});

it('a posted recovery ends the expiry; the last statement of a request about an alert counts', async () => {
  expect(await post([alert('d', 60), alert('e', 60), alert('f', 60)])).toBe(200);
  const before = await metric('tocsin_leases');
  expect(await post([alert('d', -1), alert('e', 60), alert('e', -1), alert('f', -1), alert('f', 60)])).toBe(200);
  expect(await metric('tocsin_leases')).toBe(before - 2);
});

it('an outage of a source is reported under the name of its key, and so is its end', async () => {
  const many = (secondsAhead: number) => Array.from({ length: 20 }, (_, i) => alert(`many${i}`, secondsAhead));
  expect(await post(many(60), KEY)).toBe(200);
  reading.shows += 95_000;
  await waitFor(async () => (await metric('tocsin_silent_sources')) === 1, { what: 'the outage' });
  await waitFor(async () => (await queued('admin')).includes('nodata'));
  expect(await post(many(60), KEY)).toBe(200);
  await waitFor(async () => (await queued('admin')).includes('recovered'), { what: 'its end' });
  expect(await metric('tocsin_silent_sources')).toBe(0);
  expect(await queued('many3')).toEqual(['fatal']);
});

it('a source without alerts that reports one again is checked again', async () => {
  const listed = async () => (await api.parts.expiry.reporters.all()).some(({ key }) => key === 'a');
  expect(await post([alert('g', 60)], 'admin-key-of-team')).toBe(200);
  expect(await post([alert('g', -1)], 'admin-key-of-team')).toBe(200);
  reading.shows += 11_000;
  await waitFor(async () => !(await listed()), { what: 'the reporter to be removed' });
  expect(await post([alert('h', 60)], 'admin-key-of-team')).toBe(200);
  reading.shows += 95_000;
  await waitFor(async () => (await queued('h')).includes('recovered'), { what: 'the recovery' });
});

it('recoveries by expiry do not count for the quota: a team that has reached it gets them all', async () => {
  const server = await startRedis({ appendonly: true });
  const env = { TOCSIN_TEAM_QUOTA: '3' };
  const about = { databaseUrl: api.databaseUrl, skipMigration: true, redisUrl: server.url, expiryClock, env };
  const limited = await openApi(about);
  await waitFor(async () => (await limited.get('/readyz')).status === 200);
  const [first, second] = [
    ['q1', 'q2', 'q3'],
    ['q4', 'q5'],
  ].map((objects) => objects.map((object) => alert(object, 60)));
  expect((await limited.post('/api/v2/alerts', first)).status).toBe(200);
  expect((await limited.post('/api/v2/alerts', second)).status).toBe(503);
  reading.shows += 95_000;
  const firing = async () => /^tocsin_leases (\d+)/m.exec((await limited.get('/metrics')).text)?.[1];
  await waitFor(async () => (await firing()) === '0', { what: 'the recoveries' });
  await limited.close();
  await server.stop();
});

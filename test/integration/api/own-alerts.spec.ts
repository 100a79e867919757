import { afterAll, beforeAll, expect, it } from 'vitest';
import { shardOf, shardPrefix } from '#libs/mailbox';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { type Api, type Json, openApi } from './open-api.js';

let redis: TestRedis;
let api: Api;
beforeAll(async () => {
  redis = await startRedis({ appendonly: true });
  api = await openApi({ redisUrl: redis.url });
  await waitFor(async () => (await api.get('/readyz')).status === 200, { what: 'readiness' });
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

async function endpoint(name: string, policies: string[]): Promise<string> {
  const config = { url: 'http://127.0.0.1:9/' };
  const made = await api.post('/api/v1/endpoints', { name, channel: 'http', config, policies });
  expect(made.status).toBe(201);
  return made.json.id;
}
const waiting = async (id: string): Promise<Json[]> =>
  (await api.get(`/api/v1/deliveries?status=waiting&endpoint=${id}`)).json.items;

it('a running API reports a failing endpoint where the settings route it, and counts it', async () => {
  const failing = await endpoint('chat', ['tocsin', 'cpu']);
  const others = [await endpoint('by key', ['tocsin']), await endpoint('by wildcard', ['*'])];
  const byLabel = await endpoint('by label', []);
  const policy = { key: 'ours', endpoints: [byLabel], match: { kind: 'endpoint', endpoint: 'chat' } };
  expect((await api.post('/api/v1/policies', policy)).status).toBe(201);
  expect((await api.post('/api/v1/events', { policy: 'cpu', object: 'o', level: 'fatal' })).json.queued).toBe(2);

  const stats = (await api.get('/api/v1/stats')).json.endpoints;
  const [target] = stats.find(({ endpointId }: Json) => endpointId === failing).targets;
  const since = Date.now() - 60_000;
  const health = { fails: 6, since, hold: since + 120_000, why: 'failing', trips: 2, error: '503: closed for the day' };
  const box = `${shardPrefix(shardOf(failing))}box:${failing}.${target.targetId}`;
  await api.parts.redis.hset(`${box}:health`, health);

  const own = async (id: string) => (await waiting(id)).filter(({ policy }) => policy === 'tocsin');
  for (const id of [...others, byLabel]) {
    await waitFor(async () => (await own(id)).length === 1, { timeoutMs: 15_000, what: 'the alert' });
    expect((await own(id))[0]).toMatchObject({
      object: `endpoint:${failing}`,
      level: 'error',
      title: 'Endpoint chat does not take messages',
    });
  }
  expect(await own(failing)).toEqual([]);
  expect((await api.get('/metrics')).text).toContain('tocsin_own_alerts{kind="endpoint"} 1');
}, 60_000);

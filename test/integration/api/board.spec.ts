import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queueName, queuePrefix } from '#libs/contracts';
import { shardOf, shardPrefix } from '#libs/mailbox';
import { createKeyVerifier } from '#libs/security';
import { createLogger } from '#libs/telemetry';
import { serveBoard } from '../../../apps/api/src/board/serve-board.js';
import { createServer } from '../../../apps/api/src/server/create-server.js';
import { sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';
import { type Api, KEY, openApi } from './open-api.js';

const NO_KEY = { authorization: '' };
const OTHERS = ['viewer-key', 'member-key', 'admin-key-of-team', 'ingest-key'];
const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`anyone:${key}`).toString('base64')}` });

let api: Api;
const redis = new Redis(sharedRedisUrl(12), { maxRetriesPerRequest: null });
const queue = new Queue(queueName('http'), { connection: redis as never, prefix: queuePrefix('http') });
let routes: { method: string; url: string }[] = [];
beforeAll(async () => {
  await redis.flushdb();
  api = await openApi({ redisUrl: sharedRedisUrl(12) });
  await waitFor(async () => (await api.get('/readyz')).status === 200);
  routes = await boardRoutes();
});
afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await api.close();
});

/** Every route that the board registers with Fastify. */
async function boardRoutes(): Promise<{ method: string; url: string }[]> {
  const found: { method: string; url: string }[] = [];
  const log = createLogger('api', 'silent');
  const { server } = createServer({
    log,
    verifyKey: createKeyVerifier(KEY),
    metricsAuth: false,
    wrongKeys: api.parts.wrongKeys,
    trustedProxies: [],
    routes: new Map(),
    metrics: new Registry(),
  });
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) found.push({ method: one, url });
  });
  const view = { refresh: async () => {}, nameOf: String, dataOf: String, titleOf: String, describe: String };
  serveBoard(server, { queues: new Map([['http', queue]]), view, log });
  await server.ready();
  await server.close();
  return found;
}
const filled = (url: string) =>
  url
    .replace(':queueName', 'deliver-http')
    .replace(':queueStatus', 'failed')
    .replace(/:\w+/g, 'x')
    .replace('*', 'css/x.css');
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

describe('the board is closed', () => {
  it('on all its routes, except to platform administrators', async () => {
    expect(routes.length).toBeGreaterThan(40);
    expect(routes.every(({ url }) => url === '/queues' || url.startsWith('/queues/'))).toBe(true);
    for (const { method, url } of routes.filter((route) => METHODS.includes(route.method))) {
      const ask = (headers: Record<string, string>) => api.send(method as 'GET', filled(url), undefined, headers);
      const noKey = await ask(NO_KEY);
      expect([method, url, noKey.status]).toEqual([method, url, 401]);
      expect(noKey.headers['www-authenticate']).toMatch(/^Basic /);
      for (const key of OTHERS) {
        expect([method, url, key, (await ask(basic(key))).status]).toEqual([method, url, key, 403]);
        expect([method, url, key, (await ask(api.as(key))).status]).toEqual([method, url, key, 403]);
      }
      expect([method, url, (await ask(basic('wrong'))).status]).toEqual([method, url, 401]);
    }
  });

  it.each([
    '/queues/%61pi/queues',
    '/queues//api/queues',
    '/queues/./api/queues',
    '/queues/x/../api/queues',
    '/queues/..%2fqueues/api/queues',
    '/%71ueues/api/queues',
    '/%2fqueues/api/queues',
    '//queues/api/queues',
    '/queues;a/api/queues',
    '/queues/api/queues;a',
    '/queues/api/queues/',
    '/queues/api/queues%00',
    '/queues%2fapi%2fqueues',
    '/queues\\api\\queues',
    '/QUEUES/api/queues',
    '/queues/none',
    '/queues/static/',
    '/queues/static/..%2findex.ejs',
    '/queues/static/%2e%2e/index.ejs',
    '/queues?x=/healthz',
    '/healthz/../queues',
  ])('however its path is spelled: %s', async (path) => {
    expect((await api.get(path, NO_KEY)).status).toBe(401);
    for (const key of OTHERS) {
      expect((await api.get(path, api.as(key))).status).toBeGreaterThanOrEqual(403);
      expect((await api.get(path, basic(key))).status).toBeGreaterThanOrEqual(401);
    }
  });

  it('to requests that a page of another site makes the browser send with the key', async () => {
    const put = (headers: Record<string, string>) =>
      api.send('PUT', '/queues/api/queues/resume', undefined, { ...basic(KEY), host: 'tocsin.example', ...headers });
    const elsewhere: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://tocsin.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://tocsin.example.evil.example' },
    ];
    await queue.pause();
    for (const headers of elsewhere) {
      expect((await put(headers)).status).toBe(403);
      expect(await queue.isPaused()).toBe(true);
    }
    const changing = routes.filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
    for (const { method, url } of changing) {
      const headers = { ...basic(KEY), 'sec-fetch-site': 'cross-site' };
      const { status } = await api.send(method as 'PUT', filled(url), undefined, headers);
      expect([method, url, status]).toEqual([method, url, 403]);
    }
    expect((await put({ 'sec-fetch-site': 'same-origin', origin: 'https://tocsin.example' })).status).toBe(200);
    expect(await queue.isPaused()).toBe(false);
    await queue.pause();
    expect((await put({ origin: 'http://tocsin.example' })).status).toBe(200);
    expect(await queue.isPaused()).toBe(false);
  });
});

describe('the page', () => {
  it.each(['/queues', '/queues/', '/queues/queue/deliver-http'])(
    'is served entirely by this server: %s',
    async (path) => {
      const page = await api.get(path, basic(KEY));
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      const policy = String(page.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*/);
      const links = [...page.text.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1] as string);
      expect(links.length).toBeGreaterThan(4);
      for (const link of links) {
        const url = new URL(link, 'http://here/queues/');
        expect(url.host).toBe('here');
        expect([link, (await api.get(url.pathname, basic(KEY))).status]).toEqual([link, 200]);
      }
    },
  );
});

describe('the content', () => {
  const board = async (query = '') => {
    const path = `/queues/api/queues?activeQueue=deliver-http&page=1&jobsPerPage=20${query}`;
    const { queues } = (await api.get(path)).json;
    return queues.find(({ name }: { name: string }) => name === 'deliver-http');
  };

  it('is the backlog of each target, since when and why, without secrets', async () => {
    const config = { url: 'https://ops.example.com/hook/s3cret', headers: { 'x-token': 's3cret' } };
    const body = { name: '值班 webhook', channel: 'http', pushPeriod: '0s', config };
    const { id } = (await api.post('/api/v1/endpoints', { ...body, policies: ['*'] })).json;
    await waitFor(() => api.parts.settings.current()?.endpoints.has(id));
    const events = ['a', 'b', 'a'].map((object) => ({ policy: 'p', object, level: 'fatal' }));
    expect((await api.post('/api/v1/events', events)).json).toMatchObject({ queued: 3 });
    await waitFor(async () => (await queue.getWaitingCount()) === 1);
    const [job] = await queue.getJobs(['waiting']);
    const targetId = String(job?.data.targetId);
    const box = `${shardPrefix(shardOf(id))}box:${id}.${targetId}`;
    const until = Date.now() + 600_000;
    await redis.hset(`${box}:health`, {
      fails: 5,
      since: Date.now() - 60_000,
      hold: until,
      why: 'failing',
      error: 'connect ECONNREFUSED',
    });
    const shown = await waitFor(async () => {
      const found = await board('&status=waiting');
      return found.jobs[0]?.data.failures && found;
    });
    expect(shown.displayName).toBe('http: 3 wait, 1 in trouble');
    expect(shown.description).toMatch(/^3 deliveries waiting, 0 being sent, at 1 target\. /);
    expect(shown.statuses).toEqual(['latest', 'active', 'waiting', 'completed', 'failed', 'delayed']);
    expect(shown.jobs).toHaveLength(1);
    expect(shown.jobs[0].name).toBe('值班 webhook → https://ops.example.com');
    expect(shown.jobs[0].data).toMatchObject({
      now: expect.stringMatching(/^failing; goes on in \d+ min$/),
      waiting: expect.stringMatching(/^3, the oldest since 2.*: 2 ready, 1 behind another/),
      beingSent: 0,
      lastError: 'connect ECONNREFUSED',
      failures: expect.stringMatching(/^5 in a row, since /),
    });
    expect((await api.get(`/queues/api/queues/deliver-http/${job?.id}`)).json.job.name).toBe(shown.jobs[0].name);
    expect(JSON.stringify(shown)).not.toContain('s3cret');
    // The job itself is unchanged: the board looks up the state that it shows.
    expect((await queue.getJob(job?.id ?? ''))?.data).toEqual({ endpointId: id, targetId });
  });

  it('shows the outcome of a turn in which deliveries died, and lets it be retried', async () => {
    const did = { taken: 2, delivered: 1, dead: 1, retried: 0, died: ['x-03'], words: '422: no' };
    const data = { endpointId: 'gone', targetId: 't', did };
    // The last delivery to arrive is taken first.
    const job = await queue.add('turn', data, { jobId: 'gone.t.2', lifo: true });
    const worker = new Worker(queue.name, undefined, { connection: redis as never, prefix: queuePrefix('http') });
    const found = (await worker.getNextJob('token')) as Job;
    expect(found.id).toBe(job.id);
    await found.moveToFailed(new Error('a delivery died: 422: no'), 'token');
    const { jobs } = await board('&status=failed');
    expect(jobs[0]).toMatchObject({ isFailed: true, failedReason: 'a delivery died: 422: no' });
    expect(jobs[0].data).toMatchObject({
      targetId: 't',
      thisTurn: { taken: 2, delivered: 1, dead: 1, died: ['x-03'], words: '422: no' },
    });
    expect(jobs[0].data.thisTurn.retried).toBeUndefined();
    const retried = await api.send('PUT', `/queues/api/queues/deliver-http/${job.id}/retry`);
    expect(retried.status).toBe(204);
    expect(await job.getState()).toBe('waiting');
    await job.remove();
    await worker.close();
  });

  it('marks deleted endpoints as deleted', async () => {
    const data = { endpointId: 'gone', targetId: 't' };
    const job = await queue.add('turn', data, { jobId: 'gone.t.1', delay: 600_000 });
    const { jobs } = await board('&status=delayed');
    expect(jobs.map(({ name }: { name: string }) => name)).toEqual(['a deleted endpoint (gone)']);
    await job.remove();
  });

  it.each([
    ['POST', 'add', { name: 'x', data: {} }],
    ['PUT', 'obliterate', undefined],
    ['PUT', 'concurrency', { concurrency: 1 }],
    ['PUT', 'empty', undefined],
    ['PUT', 'pause', undefined],
  ] as const)('lets nobody do what does not fit turns: %s %s', async (method, action, body) => {
    const before = await queue.getJobCounts();
    const { status } = await api.send(method, `/queues/api/queues/deliver-http/${action}`, body);
    expect(status).toBe(405);
    expect(await queue.getJobCounts()).toEqual(before);
  });

  it('is a 503 with a reason while Redis is away', async () => {
    const server = await startRedis({ appendonly: true });
    const own = await openApi({ redisUrl: server.url });
    await waitFor(async () => (await own.get('/queues/api/queues')).status === 200);
    await server.kill9();
    const { status, json } = await own.get('/queues/api/queues');
    expect([status, json.message]).toEqual([503, 'Redis does not answer; try again later']);
    expect((await own.get('/queues')).status).toBe(200);
    await own.close();
    await server.stop();
  });
});

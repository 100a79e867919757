import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWrongKeyCount } from '#libs/access';
import { createRedis } from '#libs/redis';
import { createKeyedHash } from '#libs/security';
import { sharedRedisUrl } from '../../support/index.js';
import { type Api, KEY, openApi } from './open-api.js';

const REDIS_URL = sharedRedisUrl(13);
const FREE = 100;
const redis = new Redis(REDIS_URL);
const open: Api[] = [];

/** An API of its own process, as far as wrong keys are concerned, that listens on loopback. */
async function start(env: Record<string, string> = {}, redisUrl = REDIS_URL) {
  const api = await openApi({ env, redisUrl });
  open.push(api);
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  return { api, port };
}
const BEHIND_PROXIES = { TOCSIN_TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' };
let direct: { api: Api; port: number };
let behindProxy: { api: Api; port: number };
beforeAll(async () => {
  direct = await start();
  behindProxy = await start(BEHIND_PROXIES);
});
const from = (address: string) => ({ 'x-forwarded-for': address });
beforeEach(async () => {
  await redis.flushdb();
});
afterAll(async () => {
  await Promise.all(open.map((api) => api.close()));
  redis.disconnect();
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
}

const get = (port: number, key: string, headers: Record<string, string> = {}, agent?: Agent): Promise<Answer> =>
  call(port, `Bearer ${key}`, headers, agent);

/** One request over a connection of the agent. */
function call(port: number, authorization: string, headers: Record<string, string>, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, path: '/api/v1/policies', agent, headers: { ...headers, authorization } };
    request({ host: '127.0.0.1', ...options }, (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

/** Sends wrong keys over 100 connections, and counts the answers by status. */
async function attack(port: number, guesses: number, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const counts: Record<number, number> = {};
  const answers = await Promise.all(
    Array.from({ length: guesses }, (_, i) => get(port, `guess-${i}-0123456789abcdef`, headers, agent)),
  );
  agent.destroy();
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return { counts, answers };
}

describe('an attack by wrong keys', () => {
  it('is answered by 401 a few times and by 429 from then on, and each answer closes its connection', async () => {
    const { counts, answers } = await attack(behindProxy.port, 500, from('203.0.113.1'));
    expect(counts).toEqual({ 401: FREE, 429: 500 - FREE });
    for (const { headers } of answers) expect(headers.connection).toBe('close');
    const limited = answers.filter(({ status }) => status === 429);
    for (const { headers } of limited) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    for (const { headers } of limited) expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('does not keep out the honest keys of its address, during it and after it', async () => {
    const { port } = behindProxy;
    const address = from('203.0.113.2');
    expect((await get(port, KEY, address)).status).toBe(200);
    const attacking = attack(port, 500, address);
    for (let i = 0; i < 20; i++) expect((await get(port, KEY, address)).status).toBe(200);
    await attacking;
    // A chosen key that was not used at this address yet waits for its turn.
    expect((await get(port, 'viewer-key', address)).status).toBe(200);
  });

  it('is counted in Redis for all processes, under a key that expires', async () => {
    const second = await start(BEHIND_PROXIES);
    const address = from('203.0.113.3');
    const { counts } = await attack(behindProxy.port, 200, address);
    expect(counts).toEqual({ 401: FREE, 429: 100 });
    await expect.poll(() => redis.keys('tocsin:{wrong-keys}:*')).toHaveLength(1);
    const [key = ''] = await redis.keys('tocsin:{wrong-keys}:*');
    expect(key).toMatch(/^tocsin:\{wrong-keys\}:\d+$/);
    await expect.poll(async () => Number(await redis.get(key))).toBeGreaterThanOrEqual(FREE);
    expect(await redis.pttl(key)).toBeGreaterThan(0);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
    // The other process learns of it by its first wrong key.
    expect((await get(second.port, 'guess-0123456789abcdef-0', address)).status).toBe(401);
    await expect
      .poll(async () => (await get(second.port, 'guess-0123456789abcdef-1', address)).status, {
        interval: 300,
        timeout: 5_000,
      })
      .toBe(429);
  });

  it('from 5,000 addresses occupies a bounded number of small keys', async () => {
    const client = createRedis({ kind: 'single', url: REDIS_URL }, 'answer', () => {});
    const count = createWrongKeyCount(client, createKeyedHash(Buffer.alloc(32, 1), 'wrong keys'), 60_000);
    const before = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    await expect.poll(() => client.status).toBe('ready');
    const clients = Array.from(
      { length: 5_000 },
      (_, i) => `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::/64`,
    );
    const counts = await Promise.all(clients.map((one) => count(one, 1)));
    client.disconnect();
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(5_000);
    const keys = await redis.keys('tocsin:{wrong-keys}:*');
    expect(keys.length).toBeLessThanOrEqual(5_000);
    for (const key of keys) expect(Number(key.split(':')[2])).toBeLessThan(65_536);
    const after = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    expect((after - before) / keys.length).toBeLessThan(200);
  });

  it('is limited by each process alone while Redis is away', async () => {
    const { port } = await start({}, 'redis://127.0.0.1:1');
    expect((await attack(port, 200)).counts).toEqual({ 401: FREE, 429: 100 });
  });

  it('is counted alike for keys of every form: bearer tokens and passwords', async () => {
    const address = from('203.0.113.11');
    const password = (guess: string) => `Basic ${Buffer.from(`anyone:${guess}`).toString('base64')}`;
    const statuses = await Promise.all(
      Array.from({ length: 150 }, (_, i) => {
        const guess = `guess-${i}-0123456789abcdef`;
        return call(behindProxy.port, i % 2 ? password(guess) : `Bearer ${guess}`, address).then(
          ({ status }) => status,
        );
      }),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(FREE);
    expect((await call(behindProxy.port, password('guess-0123456789abcdef'), address)).status).toBe(429);
    expect((await call(behindProxy.port, password(KEY), address)).status).toBe(200);
  });

  it('is exposed as a metric, without the keys', async () => {
    const { api, port } = behindProxy;
    const counted = async (status: number) => {
      const { text } = await api.get('/metrics');
      expect(text).not.toContain('guess-');
      return Number(new RegExp(`tocsin_wrong_keys_total{status="${status}"} (\\d+)`).exec(text)?.[1] ?? 0);
    };
    const before = { wrong: await counted(401), limited: await counted(429) };
    await attack(port, 130, from('203.0.113.4'));
    expect([await counted(401), await counted(429)]).toEqual([before.wrong + FREE, before.limited + 30]);
  });
});

describe('the address of a client', () => {
  it('is that of the connection unless a proxy is trusted: invented ones count for nothing', async () => {
    const { port } = direct;
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => get(port, `guess-${i}-0123456789abcdef`, from(`198.51.100.${i}`))),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(FREE);
  });

  it('is the one that a trusted proxy names, so that one attacker behind it keeps nobody else out', async () => {
    const { port } = behindProxy;
    expect((await attack(port, 130, from('203.0.113.9'))).counts).toEqual({ 401: FREE, 429: 30 });
    // The attacker invents addresses in front of the one that the proxy adds, and a second proxy adds the first.
    expect((await get(port, 'guess-0123456789abcdef', from('198.51.100.1, 203.0.113.9, 10.0.0.7'))).status).toBe(429);
    expect((await get(port, 'guess-0123456789abcdef', from('203.0.113.9, 198.51.100.2'))).status).toBe(401);
    expect((await get(port, KEY, from('198.51.100.2'))).status).toBe(200);
    expect((await get(port, KEY, from('203.0.113.9'))).status).toBe(200);
  });

  it('is that of a proxy that is not among the trusted ones', async () => {
    const { port } = await start({ TOCSIN_TRUSTED_PROXIES: '10.0.0.0/8' });
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => get(port, `guess-${i}-0123456789abcdef`, from(`198.51.100.${i}`))),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(FREE);
  });
});

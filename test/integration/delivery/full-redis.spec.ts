import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit, readLedger } from '#libs/mailbox';
import { createRedis, type RedisClient } from '#libs/redis';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { openApi } from '../api/open-api.js';
import { httpEndpoint, Receiver, World } from './world.js';

let redis: TestRedis;
let receiver: Receiver;
let world: World;
beforeEach(async () => {
  redis = await startRedis({ appendonly: true, maxmemory: '24mb' });
  receiver = await Receiver.start();
  world = new World(redis.url);
});
afterEach(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

const usedShare = async (): Promise<number> => {
  const info = String(await world.redis.info('memory'));
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / Number(/^maxmemory:(\d+)/m.exec(info)?.[1]);
};

/** Another tenant of the Redis, which uses all its memory, also when some becomes free. */
class Tenant {
  private readonly client: RedisClient;
  private readonly filling: Promise<void>;
  private keys = 0;
  refused = 0;
  private gone = false;

  constructor(url: string) {
    this.client = createRedis({ kind: 'single', url }, 'work');
    this.filling = this.fill();
  }

  private async fill(): Promise<void> {
    for (let size = 100_000; !this.gone; ) {
      try {
        await this.client.set(`junk${this.keys}`, 'x'.repeat(size));
        this.keys += 1;
      } catch {
        if (size === 100) this.refused += 1;
        size = 100;
        await sleep(5);
      }
    }
  }

  async leave(): Promise<void> {
    this.gone = true;
    await this.filling;
    for (let i = 0; i < this.keys; i++) await this.client.del(`junk${i}`);
    this.client.disconnect();
  }
}

it('events acknowledged before Redis was too full are delivered, which frees memory', async () => {
  const api = await openApi({ redisUrl: redis.url });
  await waitFor(async () => (await api.get('/readyz')).status === 200, { what: 'readiness' });
  for (let i = 0; i < 4; i++) {
    const body = { name: `sink ${i}`, channel: 'http', pushPeriod: '0s', policies: [`p${i}`] };
    const made = await api.post('/api/v1/endpoints', { ...body, config: { url: receiver.url, timeout: '3s' } });
    expect(made.status).toBe(201);
  }
  world.settings.set([...(api.parts.settings.current()?.endpoints.values() ?? [])]);
  receiver.answer = () => 'hang';
  world.logAway = true;
  await world.startWorker();

  const acknowledged: string[] = [];
  const post = async (name: string): Promise<number> => {
    const events = Array.from({ length: 500 }, (_, i) => ({
      policy: `p${i % 4}`,
      object: `${name}-${i}`,
      level: 'fatal',
      content: 'x'.repeat(1_500),
    }));
    const answer = await api.post('/api/v1/events', events);
    if (answer.status === 202) {
      expect(answer.json.queued).toBe(500);
      acknowledged.push(...events.map(({ object }) => object));
    } else {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    return answer.status;
  };
  // Several senders at once, faster than one check a second can notice.
  await Promise.all(
    Array.from({ length: 4 }, async (_, sender) => {
      for (let i = 0, refused = 0; refused < 5; i++) {
        if ((await post(`${sender}-${i}`)) === 202) continue;
        refused += 1;
        await sleep(100);
      }
    }),
  );
  const full = await usedShare();
  expect(full).toBeGreaterThan(0.7);
  // Checked in time: memory does not overflow between two checks.
  expect(full).toBeLessThan(0.95);
  expect(acknowledged.length).toBeGreaterThan(2_000);
  const metrics = (await api.get('/metrics')).text;
  expect(metrics).toContain('tocsin_redis_refusing 1');
  expect(metrics).toMatch(/tocsin_requests_refused_total\{status="503"\} [1-9]/);

  receiver.answer = () => 200;
  world.logAway = false;
  await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 60_000, intervalMs: 200 });
  const arrived = new Set(receiver.arrivals.map(({ body }) => body.object));
  expect(acknowledged.filter((object) => !arrived.has(object))).toEqual([]);
  expect(await audit(world.redis)).toMatchObject({ imbalance: 0, dead: 0, cancelled: 0 });
  await waitFor(async () => (await usedShare()) < 0.6, { timeoutMs: 20_000, what: 'room' });
  await waitFor(async () => (await post('afterwards')) === 202, { what: 'events to be taken again' });
  await waitFor(async () => (await audit(world.redis)).pending === 0);
  await api.close();
}, 150_000);

describe('a Redis that another tenant has filled to the last byte', () => {
  const endpoints = () => Array.from({ length: 20 }, (_, i) => httpEndpoint(receiver.url, { id: `e${i}` }));
  const events = (of: number) =>
    Array.from({ length: of }, (_, i) => ({ level: 'fatal' as const, policy: `e${i % 20}`, object: `o${i}` }));

  async function allArrive(tenant: Tenant): Promise<void> {
    const ids = () => new Set(receiver.arrivals.map(({ id }) => id));
    await waitFor(() => ids().size >= 2_000, { timeoutMs: 60_000, what: '2,000 deliveries' });
    await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 20_000 });
    expect(tenant.refused).toBeGreaterThan(0);
    const { imbalance, delivered, dead } = await audit(world.redis);
    expect({ imbalance, ended: delivered + dead }).toEqual({ imbalance: 0, ended: 2_000 });
    const ended = () => world.recorded.filter(({ status }) => status === 'delivered' || status === 'dead').length;
    // The success of a delivery that is already on record is still recorded, and counted as shed.
    const shed = async () => (await readLedger(world.redis)).get('shed') ?? 0;
    await waitFor(async () => ended() + (await shed()) >= 2_000, { timeoutMs: 20_000, what: 'the log' });
    expect(await shed()).toBeGreaterThan(0);
  }

  it('is drained of waiting deliveries, though the queues of a running worker are stopped', async () => {
    receiver.answer = () => 503;
    world.settings.set(endpoints(), true);
    await world.startWorker();
    await world.post(events(2_000));
    await waitFor(() => receiver.arrivals.length > 50);
    const tenant = new Tenant(redis.url);
    await waitFor(() => tenant.refused > 20, { what: 'a full Redis' });
    receiver.arrivals.length = 0;
    receiver.answer = () => 200;
    await allArrive(tenant);
    await tenant.leave();

    const [id] = await world.post([{ level: 'fatal', policy: 'e1', object: 'afterwards' }]);
    await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id), { timeoutMs: 8_000 });
  }, 120_000);

  it('is drained of waiting deliveries by a worker that starts only then; every dead end is on record', async () => {
    receiver.answer = ({ body }) => (body.policy === 'e0' ? 400 : 200);
    world.settings.set(endpoints(), true);
    await world.post(events(2_000));
    const tenant = new Tenant(redis.url);
    await waitFor(() => tenant.refused > 20, { what: 'a full Redis' });
    await world.startWorker();
    await allArrive(tenant);
    await tenant.leave();
    const dead = world.recorded.filter(({ status, attempt }) => status === 'dead' && attempt?.code === '400');
    expect(dead).toHaveLength(100);
  }, 120_000);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, waitFor } from '../../support/index.js';
import { idleCallsPerSecond, total } from './redis-calls.js';
import { httpEndpoint, Receiver, World } from './world.js';

const redis = await startRedis({ appendonly: true });
const receiver = await Receiver.start();
const world = new World(redis.url);
beforeAll(() => world.startWorker());
afterAll(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

const SECONDS = 10;
const callsPerSecond = async () => total(await idleCallsPerSecond(redis.url, SECONDS * 1_000));

it('an idle worker makes fewer than 4 Redis calls a second, including its queues, the recorder and the auditor', async () => {
  world.settings.set([httpEndpoint(receiver.url)]);
  await world.post([{ level: 'fatal', object: 'warms up' }]);
  await waitFor(() => receiver.arrivals.length === 1);
  await sleep(3_000);
  expect(await callsPerSecond()).toBeLessThan(4);
}, 30_000);

it('four workers make fewer than 5 a second together', async () => {
  for (let i = 0; i < 3; i++) await world.startWorker();
  await sleep(3_000);
  const calls = await callsPerSecond();
  console.log(`four idle workers: ${calls} calls a second`);
  expect(calls).toBeLessThan(5);
}, 30_000);

it('it still delivers and records at once', async () => {
  const began = Date.now();
  const [id] = await world.post([{ level: 'fatal', object: 'comes into the quiet' }]);
  await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id), { timeoutMs: 500 });
  await waitFor(() => world.recordsOf(id as string).length > 0, { timeoutMs: 2_000 });
  expect(Date.now() - began).toBeLessThan(2_000);
}, 10_000);

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis, waitFor } from '../../support/index.js';
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

/** Calls that clients send, without what scripts call inside; by command. */
async function callsWithin(seconds: number): Promise<string[]> {
  const monitor = await new Redis(redis.url).monitor();
  const calls: string[] = [];
  monitor.on('monitor', (_time, [command]: string[], source: string) => {
    if (source !== 'lua') calls.push(String(command));
  });
  await sleep(seconds * 1_000);
  monitor.disconnect();
  return calls;
}

it('an idle worker makes fewer than 4 Redis calls a second, its queues, the recorder and the auditor included', async () => {
  world.settings.set([httpEndpoint(receiver.url)]);
  await world.post([{ level: 'fatal', object: 'warms up' }]);
  await waitFor(() => receiver.arrivals.length === 1);
  await sleep(3_000);
  const calls = await callsWithin(10);
  if (process.env.TEST_LOG) console.log(Map.groupBy(calls, (call) => call));
  expect(calls.length / 10).toBeLessThan(4);
}, 30_000);

it('four workers make fewer than 5 a second together', async () => {
  for (let i = 0; i < 3; i++) await world.startWorker();
  await sleep(3_000);
  const calls = await callsWithin(10);
  if (process.env.TEST_LOG) console.log(Map.groupBy(calls, (call) => call));
  console.log(`four idle workers: ${calls.length / 10} calls a second`);
  expect(calls.length / 10).toBeLessThan(5);
}, 30_000);

it('and yet it delivers and records at once', async () => {
  const began = Date.now();
  const [id] = await world.post([{ level: 'fatal', object: 'comes into the quiet' }]);
  await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id), { timeoutMs: 500 });
  await waitFor(() => world.recordsOf(id as string).length > 0, { timeoutMs: 2_000 });
  expect(Date.now() - began).toBeLessThan(2_000);
}, 10_000);

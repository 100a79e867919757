import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Receiver } from '../integration/delivery/world.js';
import { waitFor } from '../support/index.js';
import { ADMIN_KEY, Installation } from './installation.js';

const receiver = await Receiver.start();
let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ apis: 2, workers: 2 });
  await installation.call('POST', '/api/v1/endpoints', {
    name: 'all',
    channel: 'http',
    config: { url: receiver.url },
    pushPeriod: '0s',
    policies: ['*'],
  });
  await sleep(1_000);
});
beforeEach(() => {
  receiver.arrivals.length = 0;
  receiver.answer = () => 200;
});
afterAll(async () => {
  await installation.stop();
  await receiver.stop();
});

const part = (name: string) => installation.parts.find((one) => one.name === name) as Installation['parts'][number];

async function post(object: string): Promise<number> {
  const response = await fetch(`${installation.apiUrls[0]}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ policy: 'p', object, level: 'fatal' }),
  });
  await response.text();
  return response.status;
}

const arrivedOf = (object: string) => receiver.arrivals.filter(({ body }) => body.object === object);

it('40 parallel requests of 25 events over 5 keys push exactly 5', async () => {
  await installation.call('POST', '/api/v1/endpoints', {
    name: 'once a period',
    channel: 'http',
    config: { url: `${receiver.url}/once` },
    policies: ['storm'],
  });
  await sleep(1_000);
  const requests = Array.from({ length: 40 }, async (_, request) => {
    const events = Array.from({ length: 25 }, (__, i) => ({ policy: 'storm', object: `o${i % 5}`, level: 'fatal' }));
    const response = await fetch(`${installation.apiUrls[request % 2]}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    expect(response.status).toBe(202);
    await response.text();
  });
  await Promise.all(requests);
  expect(await installation.drained(20_000)).toMatchObject({ imbalance: 0 });
  const pushed = receiver.arrivals.filter(({ path }) => path === '/once').map(({ body }) => body.object);
  expect(pushed.sort()).toEqual(['o0', 'o1', 'o2', 'o3', 'o4']);
});

it('another worker delivers the in-flight deliveries of a killed worker within 20 seconds', async () => {
  receiver.answer = (_, nth) => (nth === 0 ? 'hang' : 200);
  const objects = Array.from({ length: 30 }, (_, i) => `held-${i}`);
  await Promise.all(objects.map(post));
  await waitFor(() => receiver.arrivals.length >= objects.length);
  await Promise.all([part('worker 1').kill9(), part('worker 2').kill9()]);
  const died = Date.now();
  await part('worker 1').restart();
  await waitFor(() => objects.every((object) => arrivedOf(object).length >= 2), { timeoutMs: 30_000 });
  const delayMs = Math.max(...objects.map((object) => arrivedOf(object)[1]?.at ?? Number.POSITIVE_INFINITY)) - died;
  console.log(`delivered ${delayMs} ms after the workers died`);
  expect(delayMs).toBeLessThanOrEqual(20_000);
  await part('worker 2').restart();
  expect(await installation.drained(30_000)).toMatchObject({ imbalance: 0 });
  for (const object of objects) expect(new Set(arrivedOf(object).map(({ id }) => id)).size).toBe(1);
});

it('events are delivered again within 5 seconds of a restart of Redis', async () => {
  await part('redis').kill9();
  expect(await post('while away')).toBe(503);
  await sleep(2_000);
  await part('redis').restart();
  const restarted = Date.now();
  await waitFor(async () => (await post('after')) === 202, { timeoutMs: 10_000 });
  await waitFor(() => arrivedOf('after').length > 0, { timeoutMs: 10_000 });
  console.log(`delivered ${Date.now() - restarted} ms after Redis was back`);
  expect(Date.now() - restarted).toBeLessThanOrEqual(5_000);
});

it('deliveries continue while PostgreSQL is away, and are in the log when it is back', async () => {
  await part('postgres').kill9();
  expect(await post('without a database')).toBe(202);
  await waitFor(() => arrivedOf('without a database').length === 1);
  await part('postgres').restart();
  await waitFor(
    async () => {
      const page = await installation.call<{ items: { status: string }[] }>(
        'GET',
        '/api/v1/deliveries?object=without%20a%20database',
      );
      return page.items[0]?.status === 'delivered';
    },
    { timeoutMs: 20_000, intervalMs: 200 },
  );
});

it('a worker stops within its time on SIGTERM, also with a receiver that hangs', async () => {
  receiver.answer = (_, nth) => (nth === 0 ? 'hang' : 200);
  await post('hangs');
  await waitFor(() => arrivedOf('hangs').length === 1);
  const codes = await installation.stopWorkers();
  expect(codes).toEqual([0, 0]);
});

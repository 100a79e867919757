import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Endpoint } from '#libs/contracts';
import { audit } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { BAD_RECEIVERS, type BadReceiver, dead } from './bad-receivers.js';
import { httpEndpoint, Receiver, World } from './world.js';

const WAITING = 1_500;
const NEIGHBOURS_EVENTS = 50;
/** Most delay of a neighbour. */
const DELAY_MAX_MS = 1_000;

const redis = await startRedis();
const good = await Receiver.start();
const world = new World(redis.url);
beforeAll(() => world.startWorker());
let bad: BadReceiver[] = [];
beforeEach(() => {
  good.arrivals.length = 0;
  good.answer = () => 200;
});
afterEach(async () => {
  world.settings.set([]);
  await Promise.all(bad.map((one) => one.stop()));
  bad = [];
  await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 30_000, what: 'an empty ledger' });
  expect((await audit(world.redis)).imbalance).toBe(0);
});
afterAll(async () => {
  await world.stop();
  await good.stop();
  await redis.stop();
});

// Longer than any test, so that hanging requests do not time out.
const TIMEOUT = '20s';
const endpointOf = (id: string, url: string): Endpoint => httpEndpoint(url, { id, config: { timeout: TIMEOUT } });
const post = (policy: string, count: number, name = 'o') =>
  world.post(Array.from({ length: count }, (_, i) => ({ level: 'fatal' as const, policy, object: `${name}${i}` })));
const arrivedAt = (policy: string) => good.arrivals.filter(({ body }) => body.policy === policy);

async function startBad(kind: string, count = 1): Promise<BadReceiver[]> {
  const start = BAD_RECEIVERS[kind] as () => Promise<BadReceiver>;
  const started = await Promise.all(Array.from({ length: count }, (_, i) => (kind === 'dead' ? dead(i + 1) : start())));
  bad.push(...started);
  return started;
}

/** Time from posting a neighbour's events to the arrival of the last one. */
async function timeOfNeighbour(round: string): Promise<number> {
  const postedAt = Date.now();
  const before = arrivedAt('neighbour').length;
  await post('neighbour', NEIGHBOURS_EVENTS, round);
  await waitFor(() => arrivedAt('neighbour').length === before + NEIGHBOURS_EVENTS, {
    timeoutMs: 20_000,
    what: `${NEIGHBOURS_EVENTS} events of the neighbour`,
  });
  return (arrivedAt('neighbour').at(-1)?.at ?? 0) - postedAt;
}

it.each(Object.keys(BAD_RECEIVERS))(
  '1,500 waiting deliveries of an endpoint that is %s delay 50 of its neighbour by less than a second',
  async (kind) => {
    const [receiver] = await startBad(kind);
    world.settings.set(
      [endpointOf(`bad-${kind}`, (receiver as BadReceiver).url), endpointOf('neighbour', good.url)],
      true,
    );
    const alone = await timeOfNeighbour(`alone-${kind}-`);
    await post(`bad-${kind}`, WAITING);
    // Its first deliveries are in flight, and the others wait for slots.
    await (kind === 'dead' ? sleep(500) : waitFor(() => (receiver as BadReceiver).requests > 0));
    const beside = await timeOfNeighbour(`beside-${kind}-`);
    console.log(`beside an endpoint that is ${kind}: ${beside} ms, alone ${alone} ms`);
    expect(beside - alone).toBeLessThan(DELAY_MAX_MS);
  },
  60_000,
);

it('twelve bad endpoints of every kind at once do not delay a good one', async () => {
  const endpoints: Endpoint[] = [];
  for (const kind of Object.keys(BAD_RECEIVERS)) {
    const receivers = await startBad(kind, 3);
    endpoints.push(...receivers.map(({ url }, i) => endpointOf(`${kind}-${i}`, url)));
  }
  world.settings.set([...endpoints, endpointOf('neighbour', good.url)], true);
  for (const { id } of endpoints) await post(id, 300);
  await sleep(1_000);
  const late: number[] = [];
  for (let i = 0; i < 30; i++) {
    const postedAt = Date.now();
    await post('neighbour', 1, `single-${i}-`);
    await waitFor(() => arrivedAt('neighbour').length === i + 1, { what: `event ${i} of the good endpoint` });
    late.push((arrivedAt('neighbour').at(-1)?.at ?? 0) - postedAt);
  }
  console.log(`beside twelve bad endpoints, 30 events one by one: at most ${Math.max(...late)} ms`);
  expect(Math.max(...late)).toBeLessThan(DELAY_MAX_MS);
}, 60_000);

it('three good endpoints that begin to hang do not delay their neighbour', async () => {
  const turning = ['turns-1', 'turns-2', 'turns-3'];
  world.settings.set(
    [...turning.map((id) => endpointOf(id, `${good.url}/${id}`)), endpointOf('neighbour', good.url)],
    true,
  );
  // Successes first, as of an endpoint that has worked for months.
  for (const id of turning) await post(id, 300, 'good');
  await waitFor(() => turning.every((id) => arrivedAt(id).length === 300));
  const alone = await timeOfNeighbour('before-');
  good.answer = ({ path }) => (path === '/' ? 200 : 'hang');
  for (const id of turning) await post(id, 500, 'hangs');
  await waitFor(() => turning.every((id) => arrivedAt(id).length > 300));
  // A turn takes deliveries for a second; after a few turns they use the most slots they can.
  await sleep(3_000);
  const beside = await timeOfNeighbour('while-');
  console.log(`beside three endpoints that began to hang: ${beside} ms, alone ${alone} ms`);
  bad.push({ url: good.url, requests: 0, stop: async () => good.dropConnections() });
  expect(beside - alone).toBeLessThan(DELAY_MAX_MS);
}, 60_000);

it('four hanging endpoints do not fill a new worker with twelve slots', async () => {
  const receivers = await startBad('hanging', 4);
  const endpoints = receivers.map(({ url }, i) => endpointOf(`small-${i}`, url));
  world.settings.set([...endpoints, endpointOf('neighbour', good.url)], true);
  const alone = await timeOfNeighbour('alone-small-');
  await world.stopWorkers();
  for (const { id } of endpoints) await post(id, 200);
  await world.startWorker({ TOCSIN_CONCURRENCY: '12' });
  await waitFor(() => receivers.reduce((sum, { requests }) => sum + requests, 0) > 0);
  await sleep(500);
  const beside = await timeOfNeighbour('small-');
  console.log(`beside four that hang, with 12 slots: ${beside} ms, alone ${alone} ms`);
  expect(beside - alone).toBeLessThan(DELAY_MAX_MS);
}, 60_000);

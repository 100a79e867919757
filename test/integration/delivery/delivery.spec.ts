import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jobNumber, recordOutcomes } from '#libs/delivery';
import { audit, targetName } from '#libs/mailbox';
import { sharedRedisUrl, waitFor } from '../../support/index.js';
import { httpEndpoint, Receiver, World } from './world.js';

const receiver = await Receiver.start();
const world = new World(sharedRedisUrl(4));
beforeAll(async () => {
  await world.redis.flushdb();
  await world.startWorker();
});
beforeEach(() => {
  receiver.arrivals.length = 0;
  receiver.answer = () => 200;
  world.settings.set([httpEndpoint(receiver.url)]);
});
afterAll(async () => {
  await world.stop();
  await receiver.stop();
});

const arrived = (count: number) => waitFor(() => receiver.arrivals.length >= count, { what: `${count} arrivals` });
const settledLedger = async () => {
  await waitFor(async () => (await audit(world.redis)).pending === 0, { what: 'an empty ledger' });
  expect((await audit(world.redis)).imbalance).toBe(0);
};

describe('an accepted event', () => {
  it('arrives once, under its delivery id, with every variable in its JSON', async () => {
    const [id] = await world.post([{ level: 'fatal', policy: 'cpu', object: 'h1', title: 'hot', labels: { a: 'b' } }]);
    await arrived(1);
    await settledLedger();
    expect(receiver.arrivals).toHaveLength(1);
    expect(receiver.arrivals[0]).toMatchObject({
      id,
      headers: { 'content-type': 'application/json' },
      body: {
        policy: 'cpu',
        object: 'h1',
        level: 'fatal',
        title: 'hot',
        labels: { a: 'b' },
        delivery_id: id,
        endpoint: 'endpoint one',
      },
    });
  });

  it('is recorded with its attempt, and leaves the stream only when the log has it', async () => {
    world.logAway = true;
    const [id] = await world.post([{ level: 'fatal' }]);
    await arrived(1);
    await settledLedger();
    expect(world.recordsOf(id as string)).toEqual([]);
    world.logAway = false;
    await waitFor(() => world.recordsOf(id as string).length > 0);
    expect(world.recordsOf(id as string)).toEqual([
      expect.objectContaining({
        status: 'delivered',
        revision: 1,
        attemptCount: 1,
        endpointName: 'endpoint one',
        event: expect.objectContaining({ level: 'fatal' }),
        attempt: expect.objectContaining({ n: 1, outcome: 'delivered', code: '200' }),
      }),
    ]);
  });

  it('is tried again under the same id if the receiver is unavailable', async () => {
    receiver.answer = (_, nth) => (nth < 2 ? 503 : 200);
    const [id] = await world.post([{ level: 'fatal' }]);
    await arrived(3);
    await settledLedger();
    expect(new Set(receiver.arrivals.map((arrival) => arrival.id))).toEqual(new Set([id]));
    await waitFor(() => world.recordsOf(id as string).length === 3);
    expect(
      world.recordsOf(id as string).map(({ status, revision, attemptCount }) => [status, revision, attemptCount]),
    ).toEqual([
      ['retrying', 1, 1],
      ['retrying', 2, 2],
      ['delivered', 3, 3],
    ]);
  });

  it('ends dead at once if the receiver refuses it, with the receiver’s answer, and its claim is given back', async () => {
    world.settings.set([httpEndpoint(receiver.url, { pushPeriodMs: 3_600_000 })]);
    receiver.answer = () => 400;
    const [id] = await world.post([{ level: 'fatal', object: 'refused' }]);
    await settledLedger();
    await waitFor(() => world.recordsOf(id as string).length > 0);
    expect(world.recordsOf(id as string)[0]).toMatchObject({
      status: 'dead',
      attempt: { outcome: 'rejected', code: '400' },
    });
    expect(receiver.arrivals).toHaveLength(1);
    receiver.answer = () => 200;
    await world.post([{ level: 'fatal', object: 'refused' }]);
    await arrived(2);
  });
});

it('a secret in the receiver’s answer is not stored, neither as a template nor as its rendered value', async () => {
  receiver.echo = 'authorization';
  receiver.answer = () => 400;
  const headers = { authorization: 'Token {{ object }}.hunter2' };
  world.settings.set([httpEndpoint(receiver.url, { config: { url: receiver.url, headers } })]);
  const [id] = await world.post([{ level: 'fatal', object: 'echoed' }]);
  await waitFor(() => world.recordsOf(id as string).length > 0);
  receiver.echo = undefined;
  expect(receiver.arrivals.at(-1)?.headers.authorization).toBe('Token echoed.hunter2');
  expect(world.recordsOf(id as string)[0]?.attempt?.excerpt).toBe('********');
});

describe('order', () => {
  it('of one key is the order of acceptance, though attempts fail; other keys do not wait', async () => {
    receiver.answer = (arrival, nth) => (arrival.body.object === 'slow' && nth === 0 ? 503 : 200);
    await world.post([
      { level: 'fatal', object: 'slow', title: '1' },
      { level: 'recovered', object: 'slow', title: '2' },
      { level: 'fatal', object: 'slow', title: '3' },
      { level: 'fatal', object: 'quick', title: 'quick' },
    ]);
    await settledLedger();
    const taken = receiver.arrivals.filter(
      (arrival, i) => receiver.arrivals.findLastIndex(({ id }) => id === arrival.id) === i,
    );
    expect(taken.filter(({ body }) => body.object === 'slow').map(({ body }) => body.title)).toEqual(['1', '2', '3']);
    expect(taken[0]?.body.title).toBe('quick');
  });

  it('cancels the recovery of a firing that died', async () => {
    receiver.answer = (arrival) => (arrival.body.level === 'fatal' ? 400 : 200);
    const [, recovery] = await world.post([
      { level: 'fatal', object: 'dies' },
      { level: 'recovered', object: 'dies' },
    ]);
    await settledLedger();
    expect(receiver.arrivals.map(({ body }) => body.level)).toEqual(['fatal']);
    await waitFor(() => world.recordsOf(recovery as string).length > 0);
    expect(world.recordsOf(recovery as string)[0]).toMatchObject({
      status: 'cancelled',
      reason: 'firing not delivered',
    });
  });
});

describe('a change of settings', () => {
  it('cancels waiting deliveries at once when the endpoint is disabled, and gives their claims back', async () => {
    world.settings.set([httpEndpoint(receiver.url, { pushPeriodMs: 3_600_000 })]);
    receiver.answer = () => 503;
    const [id] = await world.post([{ level: 'fatal', object: 'disabled' }]);
    await arrived(4);
    world.settings.set([httpEndpoint(receiver.url, { pushPeriodMs: 3_600_000, enabled: false })]);
    const changed = Date.now();
    await settledLedger();
    expect(Date.now() - changed).toBeLessThan(2_000);
    await waitFor(() => world.recordsOf(id as string).some(({ status }) => status === 'cancelled'));
    expect(world.recordsOf(id as string).at(-1)).toMatchObject({ status: 'cancelled', reason: 'endpoint disabled' });
    receiver.answer = () => 200;
    world.settings.set([httpEndpoint(receiver.url, { pushPeriodMs: 3_600_000 })]);
    const [again] = await world.post([{ level: 'fatal', object: 'disabled' }]);
    await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === again));
  });

  it('cancels waiting deliveries when the endpoint is deleted, but never while the settings cannot be read', async () => {
    receiver.answer = () => 503;
    const [id] = await world.post([{ level: 'fatal', object: 'deleted' }]);
    await arrived(2);
    world.settings.away = true;
    world.settings.set([]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await audit(world.redis)).pending).toBe(1);
    world.settings.away = false;
    await settledLedger();
    await waitFor(() => world.recordsOf(id as string).some(({ status }) => status === 'cancelled'));
    expect(world.recordsOf(id as string).at(-1)).toMatchObject({ reason: 'endpoint deleted' });
  });

  it('sends waiting deliveries to the new address', async () => {
    receiver.answer = ({ path }) => (path === '/new' ? 200 : 503);
    await world.post([{ level: 'fatal', object: 'moved' }]);
    await arrived(3);
    world.settings.set([httpEndpoint(`${receiver.url}/new`)]);
    await settledLedger();
    expect(receiver.arrivals.at(-1)?.path).toBe('/new');
  });
});

describe('a lost turn', () => {
  it('is found by the sweeper', async () => {
    await world.queue.pause();
    await world.post([{ level: 'fatal', object: 'lost' }]);
    await waitFor(async () => (await world.queue.getWaitingCount()) === 1);
    await world.queue.drain(true);
    await world.queue.resume();
    await waitFor(() => receiver.arrivals.length === 1, { timeoutMs: 12_000 });
    await settledLedger();
  }, 20_000);

  it('whose job waits without the marker that wakes idle workers is found too', async () => {
    await world.queue.pause();
    const [id] = await world.post([{ level: 'fatal', object: 'unmarked' }]);
    await waitFor(async () => (await world.queue.getWaitingCount()) === 1);
    // Without resume(), which sets the marker.
    await world.redis.hdel(world.queue.toKey('meta'), 'paused');
    await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id), { timeoutMs: 12_000 });
    await settledLedger();
  }, 20_000);

  it('of a killed worker is taken again when its in-flight leases expire, and its attempt is on record', async () => {
    await world.queue.pause();
    const [id] = await world.post([{ level: 'fatal', object: 'died' }]);
    const ref = { channel: 'http', target: targetName('e1', 'url') };
    const job = await waitFor(async () => (await world.queue.getJobs(['waiting']))[0]);
    const number = jobNumber(job.id ?? '');
    const endpointInfo = {
      endpointId: 'e1',
      endpointName: 'endpoint one',
      team: 'default',
      channel: 'http',
      target: 't',
    };
    const rules = { endpointInfo, pushPeriodMs: 0, expireAfterMs: 86_400_000, fallback: '', open: true };
    const taking = await world.mailboxes.take(ref, { job: number, callId: 'x', max: 50 }, rules);
    expect(taking?.deliveries.map((delivery) => delivery.id)).toEqual([id]);
    await world.queue.drain(true);
    await world.queue.resume();
    await waitFor(() => receiver.arrivals.length === 1, { timeoutMs: 20_000 });
    await settledLedger();
    await waitFor(() => world.recordsOf(id as string).length === 2);
    expect(world.recordsOf(id as string).map(({ status, attempt }) => [status, attempt?.outcome])).toEqual([
      ['retrying', 'unknown'],
      ['delivered', 'delivered'],
    ]);
  }, 30_000);
});

describe('a worker that stops', () => {
  it('finishes what is in flight and leaves the rest to others', async () => {
    const own = new World(sharedRedisUrl(5));
    await own.redis.flushdb();
    own.settings.set([httpEndpoint(receiver.url)]);
    receiver.answer = () => 200;
    const first = await own.startWorker();
    const ids = await own.post(Array.from({ length: 2_000 }, (_, i) => ({ level: 'fatal' as const, object: `o${i}` })));
    await arrived(100);
    await first.close();
    const delivered = receiver.arrivals.length;
    const found = await audit(own.redis);
    expect(found.delivered).toBe(delivered);
    expect(found.imbalance).toBe(0);
    await own.startWorker();
    await waitFor(async () => (await audit(own.redis)).pending === 0, { timeoutMs: 15_000 });
    expect(receiver.arrivals.map(({ id }) => id).sort()).toEqual([...ids].sort());
    await own.stop();
  }, 30_000);
});

it('outcomes that are recorded twice appear once', async () => {
  expect(
    await recordOutcomes({ redis: world.redis, log: { record: async () => [] }, onUnstorable: () => {} }),
  ).toBeLessThanOrEqual(5);
});

it('a send that takes longer than an in-flight lease is not sent again meanwhile', async () => {
  receiver.answer = () => 'hang';
  world.settings.set([httpEndpoint(receiver.url, { config: { timeout: '20s' } })]);
  await world.post([{ level: 'fatal', object: 'takes long' }]);
  await arrived(1);
  await new Promise((resolve) => setTimeout(resolve, 16_000));
  expect(receiver.arrivals).toHaveLength(1);
}, 30_000);

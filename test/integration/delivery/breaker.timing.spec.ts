import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { type Arrival, httpEndpoint, Receiver, World } from './world.js';

/** Most deliveries in flight at a target before its first success. */
const FIRST_ATTEMPTS = 10;
/** Consecutive failures that open the breaker; each failure before frees a slot for one more attempt. */
const OPENS_AFTER = 5;
/** Most probes in a number of seconds, plus one: pauses of 1, 2, 4 … s with jitter in the upper half of each. */
const probesWithin = (seconds: number): number => Math.floor(Math.log2(2 * seconds + 1)) + 2;

const redis = await startRedis();
const receiver = await Receiver.start();
const world = new World(redis.url);
beforeAll(() => world.startWorker());
beforeEach(() => {
  receiver.arrivals.length = 0;
  receiver.headers = {};
  receiver.answer = () => 200;
});
afterEach(async () => {
  world.settings.set([]);
  await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 20_000, what: 'an empty ledger' });
  expect((await audit(world.redis)).imbalance).toBe(0);
});
afterAll(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

// Each test has its own endpoint, since a target's health outlives its mailbox.
let serial = 0;
function openEndpoint(path = '/'): { set(path: string): void; post(count: number, name?: string): Promise<string[]> } {
  const id = `breaker${serial++}`;
  const set = (to: string): void => world.settings.set([httpEndpoint(`${receiver.url}${to}`, { id })], true);
  set(path);
  const post = (count: number, name = 'o') =>
    world.post(
      Array.from({ length: count }, (_, i) => ({ level: 'fatal' as const, policy: id, object: `${name}${i}` })),
    );
  return { set, post };
}

const taken = () => receiver.arrivals.filter(({ status }) => status === 200);
const failed = () => receiver.arrivals.filter(({ status }) => status !== 200);
const isPoison = ({ body }: Arrival): boolean => String(body.object).startsWith('poison');

describe('a target that fails', () => {
  it('is tried at growing intervals, regardless of the backlog: 1,000 deliveries cause a few attempts', async () => {
    receiver.answer = () => 503;
    await openEndpoint().post(1_000);
    const seconds = 8;
    await sleep(seconds * 1_000);
    console.log(`a dead target, 1,000 waiting, ${seconds} s: ${failed().length} attempts`);
    expect(failed().length).toBeGreaterThan(FIRST_ATTEMPTS / 2);
    expect(failed().length).toBeLessThanOrEqual(FIRST_ATTEMPTS + OPENS_AFTER + probesWithin(seconds));
  }, 30_000);

  it('after successes is tried at growing intervals too', async () => {
    const endpoint = openEndpoint();
    await endpoint.post(300, 'well');
    await waitFor(() => taken().length === 300);
    receiver.answer = () => 503;
    await endpoint.post(1_000);
    const seconds = 6;
    await sleep(seconds * 1_000);
    // Deliveries in flight at the first failure cannot be cancelled.
    const IN_FLIGHT = 100;
    console.log(`a target that died, 1,000 waiting, ${seconds} s: ${failed().length} attempts`);
    expect(failed().length).toBeLessThanOrEqual(IN_FLIGHT + OPENS_AFTER + probesWithin(seconds));
  }, 30_000);

  it('resumes all waiting deliveries at its first success', async () => {
    receiver.answer = () => 503;
    await openEndpoint().post(500);
    await sleep(2_500);
    receiver.answer = () => 200;
    await waitFor(() => taken().length > 0, { timeoutMs: 10_000, what: 'the first success' });
    const first = taken()[0]?.at ?? 0;
    await waitFor(() => taken().length === 500, { timeoutMs: 10_000, what: 'all that waited' });
    console.log(`from the first success to the last of 500: ${(taken().at(-1)?.at ?? 0) - first} ms`);
    expect((taken().at(-1)?.at ?? 0) - first).toBeLessThan(3_000);
  }, 30_000);
});

describe('a target whose credential is refused', () => {
  it('is only probed: one delivery dies per probe, and the rest is delivered at once under new settings', async () => {
    receiver.answer = ({ path }) => (path === '/mended' ? 200 : 401);
    const endpoint = openEndpoint('/refuses');
    await endpoint.post(100);
    const seconds = 5;
    await sleep(seconds * 1_000);
    const { dead, pending } = await deltaAudit();
    console.log(`misconfigured, 100 waiting, ${seconds} s: ${failed().length} attempts`);
    expect(failed().length).toBeLessThanOrEqual(FIRST_ATTEMPTS + probesWithin(seconds));
    expect(dead).toBe(failed().length);
    expect(pending).toBe(100 - dead);
    const changedAt = Date.now();
    endpoint.set('/mended');
    await waitFor(() => taken().length === pending, { timeoutMs: 5_000, what: 'all that waited' });
    expect((taken().at(-1)?.at ?? 0) - changedAt).toBeLessThan(2_000);
  }, 30_000);
});

describe('a delivery that always fails', () => {
  it('neither stops nor slows the others, and is tried at growing intervals though they succeed', async () => {
    receiver.answer = (arrival) => (isPoison(arrival) ? 500 : 200);
    const endpoint = openEndpoint();
    await endpoint.post(1, 'poison');
    await endpoint.post(100);
    const late: number[] = [];
    const endsAt = Date.now() + 7_500;
    for (let i = 0; Date.now() < endsAt; i++) {
      const postedAt = Date.now();
      await endpoint.post(1, `single${i}-`);
      await waitFor(() => taken().length === 101 + i, { intervalMs: 5, what: `event ${i} beside a poisoned one` });
      late.push((taken().at(-1)?.at ?? 0) - postedAt);
      await sleep(40);
    }
    const tries = receiver.arrivals.filter(isPoison).map(({ at }) => at);
    const distances = tries.slice(1).map((at, i) => at - (tries[i] as number));
    console.log(`poison tried after ${distances.join(', ')} ms; others within ${Math.max(...late)} ms`);
    expect(Math.max(...late)).toBeLessThan(1_000);
    // Tries after 1, 2 and 4 s, or half of that.
    expect(tries.length).toBeGreaterThanOrEqual(3);
    expect(tries.length).toBeLessThanOrEqual(5);
    for (const [i, distance] of distances.entries()) expect(distance).toBeGreaterThanOrEqual(500 * 2 ** i - 50);
  }, 30_000);

  it('and ten of its kind, alone at the target, do not delay later ones', async () => {
    receiver.answer = (arrival) => (isPoison(arrival) ? 500 : 200);
    const endpoint = openEndpoint();
    await endpoint.post(10, 'poison');
    await sleep(3_000);
    const postedAt = Date.now();
    await endpoint.post(50);
    await waitFor(() => taken().length === 50, { timeoutMs: 15_000, what: 'what came after the poisoned ones' });
    const longest = (taken().at(-1)?.at ?? 0) - postedAt;
    console.log(`after ten poisoned ones 50 others took ${longest} ms`);
    // One or two pauses: after a failed probe the next one is another delivery.
    expect(longest).toBeLessThan(8_000);
  }, 30_000);
});

describe('a wait that a receiver requests', () => {
  it.each([
    ['in seconds', () => '3'],
    ['as a date', () => new Date(Date.now() + 3_500).toUTCString()],
  ])(
    '%s is respected, and does not count as a failure',
    async (_, retryAfter) => {
      let asked = 0;
      receiver.answer = () => {
        if (asked > 0 && Date.now() > asked + 2_000) return 200;
        asked ||= Date.now();
        receiver.headers = { 'retry-after': retryAfter() };
        return 429;
      };
      await openEndpoint().post(200);
      await waitFor(() => taken().length === 200, { timeoutMs: 15_000, what: 'all after the wait' });
      const lastRefusal = failed().at(-1)?.at ?? 0;
      const firstTaken = taken()[0]?.at ?? 0;
      console.log(`429 for ${failed().length}; ${firstTaken - asked} ms later the first was taken`);
      expect(failed().length).toBeLessThanOrEqual(FIRST_ATTEMPTS);
      // A date has whole seconds, so the requested wait is between 2.5 and 3.5 s.
      expect(firstTaken - lastRefusal).toBeGreaterThanOrEqual(2_400);
      expect(firstTaken - asked).toBeLessThan(5_000);
      expect((taken().at(-1)?.at ?? 0) - firstTaken).toBeLessThan(2_000);
      expect((await deltaAudit()).dead).toBe(0);
    },
    30_000,
  );

  it('for longer than an hour gets an hour, and none when its settings change', async () => {
    receiver.headers = { 'retry-after': '86400' };
    receiver.answer = ({ path }) => (path === '/other' ? 200 : 429);
    const endpoint = openEndpoint('/busy');
    const [id] = await endpoint.post(1);
    await waitFor(() => world.recordsOf(id as string).length > 0);
    const record = world.recordsOf(id as string)[0];
    expect(record).toMatchObject({ status: 'retrying', attempt: { outcome: 'throttled' } });
    const wait = (record?.nextAttemptAt ?? 0) - (record?.recordedAt ?? 0);
    expect(wait).toBeGreaterThan(3_590_000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
    endpoint.set('/other');
    await waitFor(() => taken().length === 1, { timeoutMs: 3_000, what: 'the delivery at its new address' });
  }, 30_000);
});

let counted = { dead: 0 };
/** The present ledger, with the dead deliveries of this test only. */
async function deltaAudit(): Promise<{ dead: number; pending: number }> {
  const now = await audit(world.redis);
  return { dead: now.dead - counted.dead, pending: now.pending };
}
beforeEach(async () => {
  counted = await audit(world.redis);
});

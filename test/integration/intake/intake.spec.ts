import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createExpiryBook, createExpiryClock, createReporterList } from '#libs/alerts';
import {
  AlertExpiry,
  eventLines,
  eventsOfJson,
  type Intake,
  IntakeRefused,
  NothingAccepted,
  readUnrouted,
  SenderGone,
  SourceIntake,
} from '#libs/intake';
import { listWaiting } from '#libs/operations';
import type { RedisClient } from '#libs/redis';
import { type Source, sourceByType } from '#libs/sources';
import { createLogger } from '#libs/telemetry';
import { fixture } from '../../../libs/sources/test/fixture.js';
import { startRedis, type TestRedis } from '../../support/index.js';
import { httpEndpoint } from '../delivery/world.js';
import { type OpenIntake, openIntake } from './open-intake.js';

const QUOTA = 20;
let server: TestRedis;
let desk: OpenIntake;
let redis: RedisClient;
let intake: Intake;
let sources: SourceIntake;
beforeAll(async () => {
  server = await startRedis({ appendonly: true });
  desk = await openIntake(server.url, { teamQuota: QUOTA });
  ({ redis, intake } = desk);
  const store = {
    book: createExpiryBook(redis),
    clock: createExpiryClock(redis, { elapsed: () => performance.now() }),
    reporters: createReporterList(redis),
  };
  sources = new SourceIntake(intake, new AlertExpiry(store, Date.now), createLogger('api', 'silent'));
});
beforeEach(async () => {
  await redis.flushall();
  desk.settings.set([httpEndpoint('http://127.0.0.1:9/')]);
  for (const list of [desk.wakes, desk.counted, desk.refused]) list.length = 0;
});
afterAll(async () => {
  desk.close();
  await server.stop();
});

const event = (object: string, over: object = {}) => ({ policy: 'cpu', object, level: 'fatal', ...over });
/** Objects of the deliveries that wait at the endpoint. */
async function queued(): Promise<string[]> {
  const { items } = await listWaiting(redis, 'e1', { limit: 50, accept: () => true });
  return items.map((item) => item.event.object).sort();
}
const isFiring = async () => Number(await redis.hlen('tocsin:{lease-sources}'));

it('a process without HTTP takes events in, which are queued and call for a turn at their target', async () => {
  const report = await intake.take(eventsOfJson([event('a'), event('b'), { policy: 'cpu' }]), { team: 'default' });
  expect(report).toMatchObject({ received: 3, queued: 2, rejected: [{ index: 2 }] });
  expect(await queued()).toEqual(['a', 'b']);
  expect(desk.wakes).toMatchObject([{ channel: 'http' }]);
  expect(desk.counted).toEqual([report]);
});

it('NDJSON is taken in as a stream, with the result of each event on request', async () => {
  const bytes = Buffer.from([event('a'), 7, event('b')].map((one) => JSON.stringify(one)).join('\n'));
  async function* chunks() {
    yield bytes;
  }
  const report = await intake.take(eventLines(chunks()), { team: null, detail: true });
  expect(report.results?.map(({ result }) => result)).toEqual(['taken', 'rejected', 'taken']);
  expect(await queued()).toEqual(['a', 'b']);
});

it('each source is taken in by its reader, and alerts with an end get an expiry', async () => {
  const take = async (path: string) => {
    const source = sourceByType(path.split('/')[0] as string) as Source;
    const reading = source.read(fixture(path), Date.now() - 365 * 24 * 3_600_000);
    return sources.take(reading, { source: source.type, key: 'north', team: 'default' });
  };
  expect(await take('cloudevents/batch')).toMatchObject({ received: 2, queued: 2 });
  expect(await take('grafana/mixed')).toMatchObject({ received: 3, queued: 2 });
  expect(await isFiring()).toBe(0);
  const alert = { labels: { alertname: 'A', instance: 'i' }, endsAt: new Date(Date.now() + 60_000).toISOString() };
  const reading = (sourceByType('prometheus') as Source).read({ body: [alert], headers: {} }, Date.now());
  await sources.take(reading, { source: 'prometheus', key: 'north', team: 'default' });
  expect(await isFiring()).toBe(1);
});

it('unrouted events are recorded for their team', async () => {
  desk.settings.set([]);
  const report = await intake.take(eventsOfJson(event('a')), { team: 'ops' });
  expect(report.unrouted).toBe(1);
  expect(await readUnrouted(redis, 'ops', 10)).toMatchObject([{ event: { object: 'a' } }]);
});

it('errors have a reason, and no promise is made beyond it', async () => {
  const many = (count: number) => eventsOfJson(Array.from({ length: count }, (_, i) => event(`o${i}`)));
  // The name of the team is part of the message, which must not be mistaken for one about Redis.
  await intake.take(many(QUOTA), { team: 'redis' });
  const overQuota = await intake.take(many(1), { team: 'redis' }).catch((error: unknown) => error);
  expect(overQuota).toBeInstanceOf(IntakeRefused);
  expect(overQuota).toMatchObject({ reason: 'over quota', retryAfterSeconds: expect.any(Number) });
  expect(desk.refused).toEqual(['over quota']);
  await expect(intake.take(eventsOfJson({}), { team: 'ops' })).rejects.toBeInstanceOf(NothingAccepted);
  await expect(intake.take(many(1), { team: 'ops', isGone: () => true })).rejects.toBeInstanceOf(SenderGone);
  await server.kill9();
  const away = await intake.take(many(1), { team: 'ops' }).catch((error: unknown) => error);
  expect(away).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 5 });
  await server.restart();
}, 30_000);

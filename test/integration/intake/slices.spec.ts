import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Endpoint, FormerLink, Policy } from '#libs/contracts';
import { eventLines, eventsOfJson, type IntakeReport, SenderGone } from '#libs/intake';
import { listWaiting } from '#libs/operations';
import { sharedRedisUrl, waitFor } from '../../support/index.js';
import { httpEndpoint } from '../delivery/world.js';
import { type OpenIntake, openIntake } from './open-intake.js';

let desk: OpenIntake;
beforeAll(async () => {
  desk = await openIntake(sharedRedisUrl(6));
});
beforeEach(async () => {
  await desk.redis.flushdb();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => desk.close());

const EVENTS = 100;
const VALUE = 'ab'.repeat(500);
const endpoint = (id: string, team = 'default'): Endpoint =>
  httpEndpoint('http://127.0.0.1:9/', { id, name: id, team });
const policy = (key: string, endpointIds: string[], over: Partial<Policy> = {}): Policy => ({
  ...{ key, name: key, team: 'default', match: null, enabled: true, endpointIds },
  ...over,
});
/** Policies of a team whose expressions use up its budget for an event, and which do not take it. */
const hostile = (team = 'default', endpointId = 'e1'): Policy[] =>
  Array.from({ length: 4 }, (_, i) =>
    policy(`hostile ${i}`, [endpointId], { team, match: { text: '~(.*a.{30})*b.{40}c' } }),
  );
const costly = (object: string, level = 'fatal') => ({ policy: 'cpu', object, level, labels: { text: VALUE } });
const many = (level?: string) => Array.from({ length: EVENTS }, (_, i) => costly(`o${i}`, level));

function putSettings(policies: Policy[], formerLinks: FormerLink[] = []): void {
  const ids = [...policies, ...formerLinks].flatMap(({ endpointIds, team }) => endpointIds.map((id) => ({ id, team })));
  desk.settings.put({ endpoints: ids.map(({ id, team }) => endpoint(id, team)), policies, formerLinks });
}
async function waiting(id: string): Promise<string[]> {
  const { items } = await listWaiting(desk.redis, id, { limit: 200, accept: () => true });
  return items.map(({ event }) => `${event.object} ${event.level}`).sort();
}
const untilFirst = (id: string) =>
  waitFor(async () => (await waiting(id)).length > 0, { intervalMs: 1, what: 'the first event' });

it('each slice goes by the settings in force, and recoveries reach what their firings have reached', async () => {
  putSettings([...hostile(), policy('*', ['e1'])]);
  const taken = desk.intake.take(eventsOfJson(many()), { team: 'default' });
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  const former = { policyKey: '*', team: 'default', match: null, endpointIds: ['e1'] };
  putSettings([...hostile('default', 'e2'), policy('*', ['e2'])], [former]);
  const before = await waiting('e1');
  expect(await taken).toMatchObject({ received: EVENTS, queued: EVENTS });
  const [first, second] = [await waiting('e1'), await waiting('e2')];
  // One slice may have been on its way to Redis.
  expect(first.length).toBeLessThanOrEqual(before.length + 1);
  expect(second.length).toBe(EVENTS - first.length);
  expect(second.length).toBeGreaterThan(0);
  const recovered = await desk.intake.take(eventsOfJson(many('recovered')), { team: 'default' });
  expect(recovered).toMatchObject({ queued: EVENTS, unrouted: 0 });
  const both = (list: string[]) => list.flatMap((one) => [one, one.replace('fatal', 'recovered')]).sort();
  expect([await waiting('e1'), await waiting('e2')]).toEqual([both(first), both(second)]);
});

it('events whose slice has not come are dropped when their sender goes', async () => {
  putSettings([...hostile(), policy('*', ['e1'])]);
  let isGone = false;
  const taken = desk.intake.take(eventsOfJson(many()), { team: 'default', isGone: () => isGone });
  const gone = expect(taken).rejects.toBeInstanceOf(SenderGone);
  await untilFirst('e1');
  isGone = true;
  await gone;
  expect((await waiting('e1')).length).toBeLessThan(EVENTS);
});

it('events whose slice has not come are refused when Redis can take no more', async () => {
  putSettings([...hostile(), policy('*', ['e1'])]);
  const taken = desk.intake.take(eventsOfJson(many()), { team: 'default' });
  const refused = expect(taken).rejects.toMatchObject({ reason: 'unavailable', message: 'Redis is full' });
  await untilFirst('e1');
  vi.spyOn(desk.watch, 'trouble').mockReturnValue('Redis is full');
  await refused;
  expect((await waiting('e1')).length).toBeLessThan(EVENTS);
});

it('a recovery whose policies were not evaluated ends what its firing has pushed', async () => {
  const present = policy('one', ['e2'], { match: { text: `~(ab|${'c'.repeat(20)})*` } });
  putSettings([present, policy('*', ['e1'])]);
  await desk.intake.take(eventsOfJson(costly('o1')), { team: 'default' });
  putSettings([...hostile('default', 'e3'), present, policy('*', ['e1'])]);
  const report = await desk.intake.take(eventsOfJson(costly('o1', 'recovered')), { team: 'default' });
  expect(report).toMatchObject({ queued: 2, unrouted: 0 });
  expect(await waiting('e2')).toEqual(['o1 fatal', 'o1 recovered']);
  expect(await waiting('e3')).toEqual([]);
});

it('a team with a hundred costly requests does not hold back the event of another team', async () => {
  const own = policy('own', ['e2'], { team: 'ops', match: { text: '~(ab)*' } });
  putSettings([...hostile('hostile'), policy('*', ['e1'], { team: 'hostile' }), own]);
  const attack = Array.from({ length: 100 }, (_, i) =>
    desk.intake.take(eventsOfJson([costly(`a${i}`), costly(`b${i}`)]), { team: 'hostile' }),
  );
  await untilFirst('e1');
  const before = (await waiting('e1')).length;
  for (const object of ['1', '2', '3']) await desk.intake.take(eventsOfJson(costly(object)), { team: 'ops' });
  expect((await waiting('e2')).length).toBe(3);
  expect((await waiting('e1')).length - before).toBeLessThan(50);
  await Promise.all(attack);
});

it.each([
  ['an array', (events: unknown[]) => eventsOfJson(events)],
  ['NDJSON', (events: unknown[]) => eventLines(streamOf(events))],
])('events of one key in %s are admitted in their order, however costly they are', async (_, eventsOf) => {
  putSettings([...hostile(), policy('*', ['e1'])]);
  const levels = ['fatal', 'recovered', 'fatal', 'recovered', 'fatal', 'recovered'];
  const events = levels.map((level) => ({ ...costly('o', level), ...(level === 'recovered' && { labels: {} }) }));
  const report: IntakeReport = await desk.intake.take(eventsOf(events), { team: 'default' });
  // A recovery before its firing would be suppressed.
  expect(report).toMatchObject({ queued: levels.length, suppressed: { recovery: 0 } });
});

async function* streamOf(events: unknown[]): AsyncGenerator<Uint8Array> {
  for (const event of events) yield Buffer.from(`${JSON.stringify(event)}\n`);
}

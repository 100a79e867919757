import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type OutcomeRecord, replayId } from '#libs/contracts';
import { DeliveryLog, type ReplaySource, type WalkFilters } from '#libs/persistence';
import { type OpenLog, openLog } from './open-log.js';

const T0 = Date.parse('2026-01-01T00:00:00Z');
const END = new Date(T0 + 86_400_000);

let p: OpenLog;
let log: DeliveryLog;
let endpoint = '';
let n = 0;
beforeAll(async () => {
  p = await openLog();
  log = new DeliveryLog(p.database, p.log);
});
afterAll(() => p.close());
beforeEach(() => {
  n += 1;
  endpoint = `ep${n}`;
});

const record = (deliveryId: string, atSecond: number, over: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  deliveryId: `${endpoint}-${deliveryId}`,
  revision: 1,
  status: 'dead',
  endpointId: endpoint,
  endpointName: 'ops',
  team: 'default',
  channel: 'http',
  target: 'https://example.com',
  targetId: 't',
  episode: 7,
  event: { id: deliveryId, policy: 'cpu', object: 'host', level: 'fatal' },
  attemptCount: 1,
  createdAt: T0 + atSecond * 1_000,
  recordedAt: T0 + atSecond * 1_000,
  ...over,
});

async function walk(
  over: Partial<WalkFilters> = {},
  bounds?: { rows: number; bytes: number },
): Promise<ReplaySource[][]> {
  const pages: ReplaySource[][] = [];
  for await (const page of log.walk({ endpoint, to: END, ...over }, bounds)) pages.push(page);
  return pages;
}

const ids = (pages: ReplaySource[][]) => pages.flat().map(({ id }) => id.slice(endpoint.length + 1));

it('visits every delivery once, oldest first, with pages of any size', async () => {
  const all = Array.from({ length: 40 }, (_, i) => record(`d${String(i).padStart(2, '0')}`, Math.floor(i / 7)));
  await log.record(all.toReversed());
  const expected = all.map((one) => one.event?.id);
  for (const rows of [1, 3, 39, 40, 500]) expect(ids(await walk({}, { rows, bytes: 1e6 }))).toEqual(expected);
  expect(await log.count({ endpoint })).toBe(40);
});

it('visits several statuses in one order', async () => {
  const statuses = ['dead', 'cancelled', 'delivered', 'retrying'] as const;
  await log.record(
    Array.from({ length: 20 }, (_, i) => record(`d${10 + i}`, i, { status: statuses[i % 4] ?? 'dead' })),
  );
  const wanted = Array.from({ length: 20 }, (_, i) => `d${10 + i}`).filter((_, i) => i % 4 < 2);
  const status = ['dead', 'cancelled', 'dead'] as const;
  expect(ids(await walk({ status }, { rows: 3, bytes: 1e6 }))).toEqual(wanted);
  expect(await log.count({ endpoint, status })).toBe(10);
  expect(await log.find({ endpoint, status }, 200)).toHaveLength(10);
  expect([ids(await walk({ status: [] })), await log.count({ endpoint, status: [] })]).toEqual([[], 0]);
});

it('limits the bytes of events in a page, but has at least one row', async () => {
  const long = (bytes: number) => ({
    id: 'e',
    policy: 'p',
    object: 'o',
    level: 'fatal' as const,
    content: 'ü'.repeat(bytes / 2),
  });
  const sizes = [100, 5_000, 100, 100, 2_000, 2_000, 100];
  await log.record(sizes.map((bytes, i) => record(`d${i}`, i, { event: long(bytes) })));
  const pages = await walk({}, { rows: 500, bytes: 3_000 });
  expect(pages.map((page) => page.length)).toEqual([1, 1, 3, 2]);
  expect(ids(pages)).toEqual(sizes.map((_, i) => `d${i}`));
});

it('returns the data for a replay', async () => {
  const one = record('d', 1, { fallbackOf: 'x', team: 'default' });
  const bare = record('e', 2);
  const { targetId, episode, event, ...old } = bare;
  await log.record([one, old]);
  const [first, second] = (await walk()).flat();
  expect(first).toEqual({
    id: one.deliveryId,
    baseId: one.deliveryId,
    lastReplay: 0,
    endpointId: endpoint,
    targetId: 't',
    target: 'https://example.com',
    team: 'default',
    channel: 'http',
    status: 'dead',
    reason: null,
    level: 'fatal',
    episode: 7,
    event: JSON.stringify(one.event),
    fallbackOf: 'x',
    createdAt: new Date(one.createdAt),
    cameAt: new Date(one.createdAt),
  });
  expect(second).toMatchObject({ targetId: null, episode: null, event: null, level: null, fallbackOf: null });
  expect(await log.replaySource(one.deliveryId)).toEqual(first);
  expect(await log.replaySource(one.deliveryId, 'other')).toBeUndefined();
  expect(await log.replaySource('nothing')).toBeUndefined();
});

it('returns the arrival time of the event of a replay or a fallback', async () => {
  await log.record([
    record('d', 1),
    record('d_r1', 50, { reason: 'expired', status: 'cancelled' }),
    record('s', 60, { fallbackOf: `${endpoint}-d` }),
  ]);
  for (const id of ['d_r1', 's']) {
    expect((await log.replaySource(`${endpoint}-${id}`))?.cameAt).toEqual(new Date(T0 + 1_000));
  }
  expect((await log.replaySource(`${endpoint}-d_r1`))?.reason).toBe('expired');
});

it('visits only the newest of a delivery and its replays, regardless of the others', async () => {
  const replays = (base: string, ...numbers: number[]) =>
    numbers.map((i) => record(replayId(base, i), i, { status: i === 3 ? 'delivered' : 'dead' }));
  await log.record([
    record('once', 0),
    record('won', 0),
    ...replays('won', 1, 2, 3),
    record('again', 0),
    ...replays('again', 1, 2, 9, 10),
    // The base was pruned, its replay was not.
    ...replays('old', 4),
    // Looks like a replay with too large a number, and is none.
    record(`odd_r${'9'.repeat(30)}`, 20),
  ]);
  const found = (await walk({ status: ['dead', 'cancelled'] }, { rows: 2, bytes: 1e6 })).flat();
  const seen = found.map(({ id, baseId, lastReplay }) =>
    [id, baseId, lastReplay].join(' ').replaceAll(`${endpoint}-`, ''),
  );
  const odd = `odd_r${'9'.repeat(30)}`;
  expect(seen).toEqual(['once once 0', 'old_r4 old 4', 'again_r10 again 10', `${odd} ${odd} 0`]);
  expect(await log.count({ endpoint, status: ['dead', 'cancelled'] })).toBe(4);
  expect((await log.replaySource(`${endpoint}-won_r1`))?.lastReplay).toBe(3);
  expect((await log.replaySource(`${endpoint}-again`))?.lastReplay).toBe(10);
});

it('ends, and visits nothing twice, while all its deliveries are replayed and die again', async () => {
  await log.record(Array.from({ length: 10 }, (_, i) => record(`d${i}`, i)));
  const seen: string[] = [];
  for await (const page of log.walk({ endpoint, status: 'dead', to: END }, { rows: 3, bytes: 1e6 })) {
    for (const { id, baseId, lastReplay } of page) {
      seen.push(id);
      const replay = replayId(baseId, lastReplay + 1).slice(endpoint.length + 1);
      await log.record([record(replay, 86_400)]);
    }
  }
  expect(seen).toHaveLength(10);
  expect(ids(await walk({ status: 'dead' }))).toEqual([]);
  expect(await log.count({ endpoint, status: 'dead' })).toBe(10);
});

it('counts its deliveries over many pages', async () => {
  await p.database.run((manager) =>
    manager.query(`
      INSERT INTO deliveries (id, revision, status, endpoint_id, endpoint_name, team, channel, target, event,
        attempt_count, created_at, recorded_at, replay_of)
      SELECT CASE WHEN i % 100 = 0 THEN 'bulk' || (i - 1) || '_r1' ELSE 'bulk' || i END, 1,
        (ARRAY['delivered', 'dead', 'cancelled', 'dead'])[i % 4 + 1], '${endpoint}', 'n', 'default', 'http', 't', '{}', 1,
        to_timestamp(1700000000 + i / 10.0), now(), CASE WHEN i % 100 = 0 THEN 'bulk' || (i - 1) END
      FROM generate_series(1, 20000) AS i`),
  );
  await p.database.run((manager) => manager.query('ANALYZE deliveries'));
  const status = ['dead', 'cancelled'] as const;
  const to = new Date('2025-01-01T00:00:00Z');
  let walked = 0;
  for await (const page of log.walk({ status, to })) walked += page.length;
  expect(walked).toBe(14_800);
  expect(await log.count({ status, to })).toBe(14_800);
});

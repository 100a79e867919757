import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutcomeRecord } from '#libs/contracts';
import { DeliveryLog, decodeCursor, encodeCursor } from '#libs/persistence';
import { type OpenLog, openLog } from './open-log.js';

let p: OpenLog;
let log: DeliveryLog;
let n = 0;
const T0 = Date.parse('2026-01-01T00:00:00Z');
beforeAll(async () => {
  p = await openLog();
  log = new DeliveryLog(p.database, p.log);
});
afterAll(() => p.close());

function first(over: Partial<OutcomeRecord> = {}): OutcomeRecord {
  n += 1;
  return {
    deliveryId: `d${String(n).padStart(6, '0')}`,
    revision: 1,
    status: 'delivered',
    endpointId: 'ep1',
    endpointName: 'ops',
    team: 'default',
    channel: 'http',
    target: 'https://example.com',
    event: { id: `ev${n}`, policy: 'cpu', object: 'host', level: 'fatal', title: 'hot' },
    attempt: { n: 1, startedAt: T0 + n, durationMs: 12.4, outcome: 'delivered', code: '200' },
    attemptCount: 1,
    createdAt: T0 + n * 1_000,
    recordedAt: T0 + n * 1_000 + 50,
    ...over,
  };
}

function story(): OutcomeRecord[] {
  const start = first({
    fallbackOf: 'd0',
    status: 'retrying',
    nextAttemptAt: T0 + 5_000,
    attempt: {
      n: 1,
      startedAt: T0,
      durationMs: 5,
      outcome: 'unavailable',
      code: '503',
      message: 'busy',
      excerpt: 'later',
    },
  });
  const { event, nextAttemptAt, fallbackOf, ...rest } = start;
  const second = {
    ...rest,
    revision: 2,
    attemptCount: 2,
    targetId: 'robot',
    attempt: { n: 2, startedAt: T0 + 5_000, durationMs: 5, outcome: 'throttled' as const, message: 'slow down' },
    nextAttemptAt: T0 + 9_000,
  };
  const third = {
    ...rest,
    revision: 3,
    status: 'delivered' as const,
    attemptCount: 3,
    episode: 2 ** 40,
    attempt: { n: 3, startedAt: T0 + 9_000, durationMs: 7, outcome: 'delivered' as const },
    partial: ['a@x'],
    recordedAt: T0 + 9_100,
  };
  return [start, second, third];
}

describe('recording', () => {
  it('comes to the same end in any order, any split, and any number of times', async () => {
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [2, 0, 1, 0, 2, 1],
    ];
    const shown = [];
    for (const order of orders) {
      const records = story();
      for (const i of order) expect(await log.record([records[i] as OutcomeRecord])).toEqual([]);
      await log.record(records);
      const { id, eventId, createdAt, event, ...rest } =
        (await log.get(records[0]?.deliveryId as string)) ?? ({} as never);
      const { targetId, episode } = (await log.replaySource(id)) ?? {};
      shown.push({ ...rest, eventPolicy: event?.policy, targetId, episode });
    }
    for (const one of shown) expect({ ...one, finishedAt: null }).toEqual({ ...shown[0], finishedAt: null });
    expect(shown[0]).toMatchObject({
      status: 'delivered',
      attemptCount: 3,
      lastError: 'slow down',
      partial: ['a@x'],
      nextAttemptAt: null,
      policy: 'cpu',
      title: 'hot',
      targetId: 'robot',
      episode: 2 ** 40,
      fallbackOf: 'd0',
      replayOf: null,
      attempts: [{ n: 1, code: '503' }, { n: 2 }, { n: 3 }],
    });
  });

  it('takes a batch with several records of one delivery', async () => {
    const records = story();
    await log.record([records[1], records[0], records[2], records[0]] as OutcomeRecord[]);
    expect(await log.get(records[0]?.deliveryId as string)).toMatchObject({
      status: 'delivered',
      policy: 'cpu',
      attemptCount: 3,
    });
  });

  it('shows a delivery whose event is not in yet', async () => {
    const [, second] = story();
    await log.record([second as OutcomeRecord]);
    expect(await log.get(second?.deliveryId as string)).toMatchObject({
      policy: '',
      level: null,
      event: null,
      status: 'retrying',
    });
  });

  it('replaces what text columns cannot hold, and keeps it in the event', async () => {
    const bad = first({
      endpointName: 'o\0ps',
      reason: '\ud800',
      event: { id: 'e\0', policy: 'p\0', object: 'o'.repeat(1_024), level: 'info', title: 't\0', content: 'c\0\ud800' },
      attempt: { n: 1, startedAt: T0, durationMs: 1, outcome: 'rejected', message: 'm\0', excerpt: '\0', code: '\0' },
    });
    expect(await log.record([bad])).toEqual([]);
    const shown = await log.get(bad.deliveryId);
    expect(shown).toMatchObject({
      endpointName: 'o\uFFFDps',
      reason: '\uFFFD',
      policy: 'p\uFFFD',
      lastError: 'm\uFFFD',
    });
    expect(shown?.event?.content).toBe('c\0\ud800');
  });

  it('returns those that can never be stored, and stores the others', async () => {
    const good = [first(), first()];
    const bad = [
      first({ createdAt: Number.NaN }),
      first({ deliveryId: '' }),
      first({ deliveryId: 'a\0' }),
      first({ revision: 1e12 }),
      first({ status: 'nonsense' as never }),
      first({ attempt: {} as never }),
      first({ event: { id: 1 } as never }),
      first({ recordedAt: 1e20 }),
      {} as OutcomeRecord,
      null as unknown as OutcomeRecord,
    ];
    expect(await log.record([...bad, ...good])).toEqual(bad);
    for (const record of good) expect(await log.get(record.deliveryId)).toMatchObject({ status: 'delivered' });
  });

  it('finds the one row among many that the database refuses', async () => {
    await p.database.run((manager) =>
      manager.query(`ALTER TABLE deliveries ADD CONSTRAINT probe CHECK (target <> 'refused') NOT VALID`),
    );
    const batch = Array.from({ length: 50 }, () => first());
    const refused = first({ target: 'refused' });
    batch.splice(31, 0, refused);
    expect(await log.record(batch)).toEqual([refused]);
    expect(await log.get(batch[50]?.deliveryId as string)).toBeDefined();
    await p.database.run((manager) => manager.query('ALTER TABLE deliveries DROP CONSTRAINT probe'));
  });

  it('bears several writers of the same records at once', async () => {
    const batch = Array.from({ length: 400 }, () => first());
    const shuffled = () => batch.toSorted(() => Math.random() - 0.5);
    const results = await Promise.all(Array.from({ length: 8 }, () => log.record(shuffled())));
    expect(results.flat()).toEqual([]);
  });
});

it('shows a reason of an older version in its present wording, recorded before the migration or after', async () => {
  const late = first({ status: 'cancelled', reason: 'its firing died' });
  const older = first({ status: 'cancelled', reason: 'its firing died' });
  await log.record([late, older]);
  const stored = await p.database.run(async (manager) => {
    const [row] = await manager.query('SELECT reason FROM deliveries WHERE id = $1', [late.deliveryId]);
    await manager.query("UPDATE deliveries SET reason = 'its firing died' WHERE id = $1", [older.deliveryId]);
    return row.reason;
  });
  expect(stored).toBe('firing not delivered');
  for (const { deliveryId } of [late, older]) {
    expect((await log.get(deliveryId))?.reason).toBe('firing not delivered');
    expect((await log.replaySource(deliveryId))?.reason).toBe('firing not delivered');
  }
});

describe('finding', () => {
  it('filters by everything, newest first, page by page', async () => {
    const mine = Array.from({ length: 25 }, (_, i) =>
      first({
        endpointId: 'ep-find',
        createdAt: T0 + Math.floor(i / 5) * 1_000,
        event: { id: `f${i}`, policy: i % 2 ? 'odd' : 'even', object: `o${i % 5}`, level: i % 3 ? 'info' : 'fatal' },
        status: i === 7 ? 'dead' : 'delivered',
      }),
    );
    await log.record(mine);
    const seen: string[] = [];
    let after: ReturnType<typeof decodeCursor>;
    for (;;) {
      const items = await log.find({ endpoint: 'ep-find' }, 4, after);
      seen.push(...items.map((item) => item.id));
      const last = items.at(-1);
      if (items.length < 4 || !last) break;
      after = decodeCursor(encodeCursor(last));
    }
    const expected = mine.toSorted((a, b) => b.createdAt - a.createdAt || (a.deliveryId < b.deliveryId ? 1 : -1));
    expect(seen).toEqual(expected.map((record) => record.deliveryId));

    const count = async (filters: object) => (await log.find({ endpoint: 'ep-find', ...filters }, 200)).length;
    expect(await count({ policy: 'odd' })).toBe(12);
    expect(await count({ object: 'o3' })).toBe(5);
    expect(await count({ level: 'fatal' })).toBe(9);
    expect(await count({ status: 'dead' })).toBe(1);
    expect(await count({ channel: 'http' })).toBe(25);
    expect(await count({ channel: 'email' })).toBe(0);
    expect(await count({ team: 'other' })).toBe(0);
    expect(await count({ from: new Date(T0 + 1_000), to: new Date(T0 + 3_000) })).toBe(10);
    expect(await count({ policy: "'; DROP TABLE deliveries; --" })).toBe(0);
  });

  it.each([
    '',
    'x',
    '!!!!',
    'a'.repeat(1_000),
    Buffer.from('1.\0').toString('base64url'),
    Buffer.from('x.d1').toString('base64url'),
  ])('knows that %j is no cursor', (text) => expect(decodeCursor(text)).toBeUndefined());
});

it('prunes what is old and over, with its tries', async () => {
  const old = first({ createdAt: T0 - 86_400_000, recordedAt: T0 - 86_400_000 });
  const busy = first({ createdAt: T0 - 86_400_000, recordedAt: T0 + 1, status: 'retrying' });
  await log.record([old, busy]);
  expect(await log.prune(new Date(T0))).toBe(1);
  expect(await log.get(old.deliveryId)).toBeUndefined();
  expect(await log.get(busy.deliveryId)).toBeDefined();
  const left = await p.database.run((manager) =>
    manager.query('SELECT count(*) FROM attempts WHERE delivery_id = $1', [old.deliveryId]),
  );
  expect(left[0].count).toBe('0');
});

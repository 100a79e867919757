import { beforeEach, describe, expect, it } from 'vitest';
import { alert, DAY, ExpiryDesk, GRACE, MINUTE, names, SECOND, useExpiryDesks } from './expiry-desk.js';

let desk: ExpiryDesk;
const { time, redis, newDesk } = useExpiryDesks();
beforeEach(async () => {
  desk = await newDesk();
});

describe('an alert with an expiry', () => {
  it('recovers once if it is not repeated, 30 s after its end', async () => {
    await desk.report(['a'], 10 * SECOND);
    await desk.pass(39 * SECOND);
    expect(desk.recovered).toEqual([]);
    await desk.pass(2 * SECOND);
    expect(desk.recovered).toEqual(['a']);
    expect(desk.taken[0]).toMatchObject({
      level: 'recovered',
      objectName: 'name of a',
      title: 'title of a',
      content: expect.stringContaining('no longer reported'),
      labels: { alertname: 'p', instance: 'a' },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: new Date(desk.now - 31 * SECOND).toISOString(),
    });
    await desk.pass(5 * MINUTE);
    expect(desk.taken).toHaveLength(1);
    expect(await redis.keys('*')).toEqual(expect.arrayContaining(['tocsin:{lease-clock}']));
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 0, isOut: false });
  });

  it('keeps firing while it is repeated; its last report counts', async () => {
    await desk.report(['a'], 10 * MINUTE);
    await desk.report(['a'], 10 * SECOND);
    await desk.pass(30 * SECOND);
    await desk.report(['a'], 20 * SECOND);
    await desk.pass(45 * SECOND);
    expect(desk.recovered).toEqual([]);
    await desk.pass(10 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('that is to fire until the year 9999 expires after seven days, as its episode does', async () => {
    await desk.report(['a'], Date.parse('9999-12-31T23:59:59Z') - desk.now);
    await desk.pass(SECOND);
    await redis.hset('tocsin:{lease-clock}', 'shows', desk.now + 7 * DAY);
    await desk.expire();
    expect(desk.recovered).toEqual([]);
    await desk.pass(MINUTE);
    expect(desk.recovered).toEqual(['a']);
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 0, isOut: false });
  });

  it('ends with a recovery that is posted', async () => {
    await desk.report(['a', 'b'], 10 * SECOND);
    await desk.report([], 0, ['a']);
    await desk.pass(MINUTE);
    expect(desk.recovered).toEqual(['b']);
  });

  it('belongs to its source: another source with the same alert neither repeats nor ends it', async () => {
    const other = new ExpiryDesk(redis, time);
    await desk.report(['a'], 10 * SECOND);
    await other.report(['a'], MINUTE);
    await other.report([], 0, ['a']);
    await desk.pass(45 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('expires on time although its labels are too many to be stored', async () => {
    const labels = Object.fromEntries(names(100).map((name, i) => [name, 'x'.repeat(10 * i)]));
    await desk.report(['a'], 10 * SECOND);
    await desk.book.record(
      desk.reporter,
      {
        firing: [{ event: { ...alert('b'), labels, title: 'y'.repeat(60_000) }, untilMs: desk.now + SECOND }],
        ended: [],
      },
      desk.now,
      { shows: desk.now, resumed: 0 },
    );
    await desk.pass(45 * SECOND);
    const [b] = desk.taken.filter(({ object }) => object === 'b');
    expect(b?.labels).toMatchObject({ o0: '', o20: 'x'.repeat(200) });
    expect(JSON.stringify(b).length).toBeLessThan(9_000);
  });
});

describe('an expiry', () => {
  it('whose recovery is refused is offered again, and one that was taken in before a crash has the same id', async () => {
    await desk.report(names(3), SECOND);
    desk.refusal = 'Redis is too full';
    await desk.pass(31 * SECOND).catch(() => {});
    await expect(desk.expire()).rejects.toThrow('too full');
    desk.refusal = undefined;
    const { confirm } = desk.book;
    desk.book.confirm = () => Promise.reject(new Error('died'));
    await expect(desk.expire()).rejects.toThrow('died');
    desk.book.confirm = confirm;
    await desk.expire();
    expect(desk.recovered).toHaveLength(6);
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(3);
  });

  it('gives way to a repeat that arrives while its recovery is taken in', async () => {
    await desk.report(['a'], SECOND);
    desk.onTake = async () => {
      desk.onTake = async () => {};
      await desk.report(['a'], MINUTE);
    };
    await desk.pass(35 * SECOND);
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 1, isOut: false });
    await desk.pass(2 * MINUTE);
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(2);
  });
});

describe('while Tocsin could not take events in', () => {
  it('expiry stands still', async () => {
    await desk.report(['a'], 10 * MINUTE);
    await desk.pass(9 * MINUTE);
    desk.standStill(DAY);
    await desk.pass(MINUTE + GRACE - 3 * SECOND);
    expect(desk.recovered).toEqual([]);
    // Lengthened to the five minutes that any sender has to report again.
    await desk.pass(4 * MINUTE + 5 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('senders could not repeat anything, and each gets the length of its alerts to do it afterwards', async () => {
    await desk.report(names(20), 70 * SECOND);
    await desk.pass(59 * SECOND);
    desk.standStill(10 * SECOND);
    await desk.pass(59 * SECOND);
    await desk.report(names(20), 70 * SECOND);
    await desk.pass(69 * SECOND);
    expect(desk.taken).toEqual([]);
  });
});

describe('Prometheus', () => {
  it('may restart for two minutes, or be away for three and a half, and nothing recovers by mistake', async () => {
    for (const away of [2 * MINUTE, 3.5 * MINUTE]) {
      for (const alerts of [names(5), names(40)]) {
        await desk.pass(5 * MINUTE, desk.repeatEachMinute(alerts));
        await desk.pass(away);
        await desk.pass(5 * MINUTE, desk.repeatEachMinute(alerts));
        expect(desk.taken).toEqual([]);
        await desk.report([], 0, alerts);
      }
    }
  });

  it('may lose one of two replicas that report the same alerts', async () => {
    const alerts = names(40);
    const [one, two] = [desk.repeatEachMinute(alerts), desk.repeatEachMinute([...alerts].reverse())];
    await desk.pass(3 * MINUTE, async (second) => {
      await one(second);
      await two(second);
    });
    await desk.pass(10 * MINUTE, two);
    expect(desk.taken).toEqual([]);
  });

  it('that resolves most of its alerts at once is no outage', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(alerts));
    await desk.report([], 0, alerts.slice(5));
    await desk.pass(10 * MINUTE, desk.repeatEachMinute(alerts.slice(0, 5)));
    expect(desk.taken).toEqual([]);
  });

  it('that keeps reporting and drops a few alerts lets these expire', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(alerts));
    await desk.pass(10 * MINUTE, desk.repeatEachMinute(alerts.slice(0, 30)));
    expect(desk.recovered.sort()).toEqual(alerts.slice(30).sort());
    expect(desk.outageLevels).toEqual([]);
  });
});

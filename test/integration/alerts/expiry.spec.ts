import { beforeEach, describe, expect, it } from 'vitest';
import { alert, DAY, GRACE, LeaseDesk, MINUTE, names, SECOND, useLeaseDesks } from './lease-desk.js';

let desk: LeaseDesk;
const { time, redis, newDesk } = useLeaseDesks();
beforeEach(async () => {
  desk = await newDesk();
});

describe('a lease', () => {
  it('that is not repeated becomes one recovery, 30 s after its end', async () => {
    await desk.say(['a'], 10 * SECOND);
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
    expect(await desk.book.count(desk.source)).toEqual({ leases: 0, silent: false });
  });

  it('that is repeated goes on, by the last word', async () => {
    await desk.say(['a'], 10 * MINUTE);
    await desk.say(['a'], 10 * SECOND);
    await desk.pass(30 * SECOND);
    await desk.say(['a'], 20 * SECOND);
    await desk.pass(45 * SECOND);
    expect(desk.recovered).toEqual([]);
    await desk.pass(10 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('of an alert that is to fire until the year 9999 runs out after seven days, as its episode does', async () => {
    await desk.say(['a'], Date.parse('9999-12-31T23:59:59Z') - desk.now);
    await desk.pass(SECOND);
    await redis.hset('tocsin:{lease-clock}', 'shows', desk.now + 7 * DAY);
    await desk.sweep();
    expect(desk.recovered).toEqual([]);
    await desk.pass(MINUTE);
    expect(desk.recovered).toEqual(['a']);
    expect(await desk.book.count(desk.source)).toEqual({ leases: 0, silent: false });
  });

  it('ends with a recovery that is posted', async () => {
    await desk.say(['a', 'b'], 10 * SECOND);
    await desk.say([], 0, ['a']);
    await desk.pass(MINUTE);
    expect(desk.recovered).toEqual(['b']);
  });

  it('belongs to its source: another that reports the same alert neither keeps nor ends it', async () => {
    const other = new LeaseDesk(redis, time);
    await desk.say(['a'], 10 * SECOND);
    await other.say(['a'], MINUTE);
    await other.say([], 0, ['a']);
    await desk.pass(45 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('ends when the alert has to be over, though its labels are too many to be kept', async () => {
    const labels = Object.fromEntries(names(100).map((name, i) => [name, 'x'.repeat(10 * i)]));
    await desk.say(['a'], 10 * SECOND);
    await desk.book.keep(
      desk.source,
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

describe('a run-out', () => {
  it('that cannot be taken in is told later, and one whose taker died after it took it has the same id', async () => {
    await desk.say(names(3), SECOND);
    desk.refusal = 'Redis is too full';
    await desk.pass(31 * SECOND).catch(() => {});
    await expect(desk.sweep()).rejects.toThrow('too full');
    desk.refusal = undefined;
    const { done } = desk.book;
    desk.book.done = () => Promise.reject(new Error('died'));
    await expect(desk.sweep()).rejects.toThrow('died');
    desk.book.done = done;
    await desk.sweep();
    expect(desk.recovered).toHaveLength(6);
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(3);
  });

  it('gives way to a repeat that comes while it is taken in', async () => {
    await desk.say(['a'], SECOND);
    desk.onTake = async () => {
      desk.onTake = async () => {};
      await desk.say(['a'], MINUTE);
    };
    await desk.pass(35 * SECOND);
    expect(await desk.book.count(desk.source)).toEqual({ leases: 1, silent: false });
    await desk.pass(2 * MINUTE);
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(2);
  });
});

describe('while Tocsin could not take events', () => {
  it('leases stand still', async () => {
    await desk.say(['a'], 10 * MINUTE);
    await desk.pass(9 * MINUTE);
    desk.standStill(DAY);
    await desk.pass(MINUTE + GRACE - 3 * SECOND);
    expect(desk.recovered).toEqual([]);
    // Lengthened to the five minutes that any sender has to speak again.
    await desk.pass(4 * MINUTE + 5 * SECOND);
    expect(desk.recovered).toEqual(['a']);
  });

  it('senders could not repeat anything, and each has the length of its leases to do it afterwards', async () => {
    await desk.say(names(20), 70 * SECOND);
    await desk.pass(59 * SECOND);
    desk.standStill(10 * SECOND);
    await desk.pass(59 * SECOND);
    await desk.say(names(20), 70 * SECOND);
    await desk.pass(69 * SECOND);
    expect(desk.taken).toEqual([]);
  });
});

describe('Prometheus', () => {
  it('may restart for two minutes, or be away for three and a half, and nothing recovers by mistake', async () => {
    for (const away of [2 * MINUTE, 3.5 * MINUTE]) {
      for (const alerts of [names(5), names(40)]) {
        await desk.pass(5 * MINUTE, desk.keepUp(alerts));
        await desk.pass(away);
        await desk.pass(5 * MINUTE, desk.keepUp(alerts));
        expect(desk.taken).toEqual([]);
        await desk.say([], 0, alerts);
      }
    }
  });

  it('of which two replicas report the same alerts may lose one', async () => {
    const alerts = names(40);
    const [one, two] = [desk.keepUp(alerts), desk.keepUp([...alerts].reverse())];
    await desk.pass(3 * MINUTE, async (second) => {
      await one(second);
      await two(second);
    });
    await desk.pass(10 * MINUTE, two);
    expect(desk.taken).toEqual([]);
  });

  it('that resolves most of its alerts at once is no silence', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.keepUp(alerts));
    await desk.say([], 0, alerts.slice(5));
    await desk.pass(10 * MINUTE, desk.keepUp(alerts.slice(0, 5)));
    expect(desk.taken).toEqual([]);
  });

  it('that lives and forgets a few alerts lets these run out', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.keepUp(alerts));
    await desk.pass(10 * MINUTE, desk.keepUp(alerts.slice(0, 30)));
    expect(desk.recovered.sort()).toEqual(alerts.slice(30).sort());
    expect(desk.told).toEqual([]);
  });
});

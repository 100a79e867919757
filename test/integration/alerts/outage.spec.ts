import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, GRACE, LEASE, type LeaseDesk, MINUTE, names, SECOND, useLeaseDesks } from './lease-desk.js';

let desk: LeaseDesk;
const { redis, newDesk } = useLeaseDesks();
beforeEach(async () => {
  desk = await newDesk();
});

describe('a source that falls silent', () => {
  const SILENT = 20 * MINUTE;

  it.each([10, 11, 40, 60])('with %i alerts is told of once, and none of them recovers', async (count) => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(count)));
    await desk.pass(SILENT);
    expect(desk.recovered).toEqual([]);
    expect(desk.told).toEqual(['nodata']);
    expect(desk.taken[0]).toMatchObject({ policy: 'tocsin', object: desk.source.key, level: 'nodata' });
    expect(await desk.book.count(desk.source)).toEqual({ leases: count, silent: true });
  });

  it('with nine alerts is not known from one whose alerts are over', async () => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(9)));
    await desk.pass(SILENT);
    expect(desk.recovered).toHaveLength(9);
    expect(desk.told).toEqual([]);
  });

  it('about half of its alerts and not more lets them run out; about more than half, it is held', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.keepUp(alerts));
    await desk.pass(SILENT, desk.keepUp(alerts.slice(0, 20)));
    expect(desk.recovered).toHaveLength(20);
    expect(desk.told).toEqual([]);
    await desk.pass(SILENT, desk.keepUp(alerts.slice(0, 9)));
    expect(desk.recovered).toHaveLength(20);
    expect(desk.told).toEqual(['nodata']);
  });

  it('and speaks again is told of, keeps what it repeats, and loses the rest after its length', async () => {
    const alerts = names(30);
    await desk.pass(3 * MINUTE, desk.keepUp(alerts));
    await desk.pass(SILENT);
    await desk.pass(LEASE + GRACE - 2 * SECOND, desk.keepUp(alerts.slice(0, 8)));
    expect(desk.told).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(SILENT, desk.keepUp(alerts.slice(0, 8)));
    expect(desk.recovered.sort()).toEqual(alerts.slice(8).sort());
    expect(desk.log).toEqual([expect.stringMatching(/^silent \d+\/30$/), 'speaks']);
    expect(await desk.book.count(desk.source)).toEqual({ leases: 8, silent: false });
  });

  it('also speaks again when it says only other things', async () => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(30)));
    await desk.pass(SILENT);
    await desk.pass(SILENT, desk.keepUp(['another']));
    expect(desk.told).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toHaveLength(30);
  });

  it('may do so again and again', async () => {
    for (let i = 0; i < 3; i++) {
      await desk.pass(3 * MINUTE, desk.keepUp(names(30)));
      await desk.pass(SILENT);
    }
    expect(desk.told).toEqual(['nodata', 'recovered', 'nodata', 'recovered', 'nodata']);
    expect(desk.recovered).toEqual([]);
  });

  it('has all of its alerts held, also those that it repeated less often', async () => {
    const [often, seldom] = [names(20, 'often'), names(5, 'seldom')];
    const both = async (second: number) => {
      await desk.keepUp(often)(second);
      if (second % 300 === 1) await desk.say(seldom, 20 * MINUTE);
    };
    await desk.pass(10 * MINUTE, both);
    await desk.pass(60 * MINUTE);
    expect(desk.told).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(30 * MINUTE, both);
    expect(desk.told).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    expect(await desk.book.count(desk.source)).toEqual({ leases: 25, silent: false });
  });

  it('of which a second sender with the same key lives, is held until the silent one names its alerts', async () => {
    const [dead, living] = [names(30, 'dead'), names(20, 'living')];
    await desk.pass(3 * MINUTE, desk.keepUp([...dead, ...living]));
    await desk.pass(SILENT, desk.keepUp(living));
    expect(desk.told).toEqual(['nodata']);
    await desk.pass(MINUTE, desk.keepUp([...living, 'dead7']));
    expect(desk.told).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(SILENT, desk.keepUp([...living, 'dead7']));
    expect(desk.recovered).toHaveLength(29);
  });

  it('is told of once though the process that told of it died, and its end though the events were refused', async () => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(30)));
    const { done } = desk.book;
    desk.book.done = async (source, finding, clock) => {
      if (finding.kind === 'silent' && desk.told.length < 2) throw new Error('died');
      return done(source, finding, clock);
    };
    for (let i = 0; i < SILENT / SECOND; i++) await desk.pass(SECOND).catch(() => {});
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(1);
    desk.refusal = 'too full';
    await desk.say(['o1'], LEASE);
    await expect(desk.sweep()).rejects.toThrow();
    desk.refusal = undefined;
    await desk.sweep();
    expect(desk.told).toEqual(['nodata', 'nodata', 'recovered']);
  });

  it('for seven days is forgotten', async () => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(700)));
    await desk.pass(SILENT);
    for (let hour = 0; hour < 24 * 7; hour++) {
      desk.standStill(60 * MINUTE);
      await desk.sweep();
    }
    expect(await desk.book.count(desk.source)).toMatchObject({ silent: true });
    await redis.hset('tocsin:{lease-clock}', 'shows', desk.now + 8 * DAY);
    await desk.sweep();
    expect(await desk.book.count(desk.source)).toEqual({ leases: 0, silent: false });
    expect(desk.told).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
  });

  it('while Tocsin was down is told of too', async () => {
    await desk.pass(3 * MINUTE, desk.keepUp(names(30)));
    desk.standStill(60 * MINUTE);
    await desk.pass(SILENT);
    expect(desk.told).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
  });
});

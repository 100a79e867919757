import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, type ExpiryDesk, FIRES_FOR, GRACE, MINUTE, names, SECOND, useExpiryDesks } from './expiry-desk.js';

let desk: ExpiryDesk;
const { redis, newDesk } = useExpiryDesks();
beforeEach(async () => {
  desk = await newDesk();
});

describe('an outage of a source', () => {
  const OUT = 20 * MINUTE;

  it.each([10, 11, 40, 60])('with %i alerts is reported once, and none of them recovers', async (count) => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(count)));
    await desk.pass(OUT);
    expect(desk.recovered).toEqual([]);
    expect(desk.outageLevels).toEqual(['nodata']);
    expect(desk.taken[0]).toMatchObject({ policy: 'tocsin', object: desk.reporter.key, level: 'nodata' });
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: count, isOut: true });
  });

  it('is not recognised with nine alerts: they recover', async () => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(9)));
    await desk.pass(OUT);
    expect(desk.recovered).toHaveLength(9);
    expect(desk.outageLevels).toEqual([]);
  });

  it('of half of its alerts lets them expire; of more than half, they are held', async () => {
    const alerts = names(40);
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(alerts));
    await desk.pass(OUT, desk.repeatEachMinute(alerts.slice(0, 20)));
    expect(desk.recovered).toHaveLength(20);
    expect(desk.outageLevels).toEqual([]);
    await desk.pass(OUT, desk.repeatEachMinute(alerts.slice(0, 9)));
    expect(desk.recovered).toHaveLength(20);
    expect(desk.outageLevels).toEqual(['nodata']);
  });

  it('ends with a recovery; repeated alerts keep firing, the others expire after their length', async () => {
    const alerts = names(30);
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(alerts));
    await desk.pass(OUT);
    await desk.pass(FIRES_FOR + GRACE - 2 * SECOND, desk.repeatEachMinute(alerts.slice(0, 8)));
    expect(desk.outageLevels).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(OUT, desk.repeatEachMinute(alerts.slice(0, 8)));
    expect(desk.recovered.sort()).toEqual(alerts.slice(8).sort());
    expect(desk.log).toEqual([expect.stringMatching(/^outage \d+\/30$/), 'over']);
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 8, isOut: false });
  });

  it('also ends when the source reports other alerts only', async () => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(30)));
    await desk.pass(OUT);
    await desk.pass(OUT, desk.repeatEachMinute(['another']));
    expect(desk.outageLevels).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toHaveLength(30);
  });

  it('may happen again and again', async () => {
    for (let i = 0; i < 3; i++) {
      await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(30)));
      await desk.pass(OUT);
    }
    expect(desk.outageLevels).toEqual(['nodata', 'recovered', 'nodata', 'recovered', 'nodata']);
    expect(desk.recovered).toEqual([]);
  });

  it('holds all of its alerts, also those that it repeated less often', async () => {
    const [often, seldom] = [names(20, 'often'), names(5, 'seldom')];
    const both = async (second: number) => {
      await desk.repeatEachMinute(often)(second);
      if (second % 300 === 1) await desk.report(seldom, 20 * MINUTE);
    };
    await desk.pass(10 * MINUTE, both);
    await desk.pass(60 * MINUTE);
    expect(desk.outageLevels).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(30 * MINUTE, both);
    expect(desk.outageLevels).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 25, isOut: false });
  });

  it('holds the alerts of one of two senders with the same key until that one names its alerts', async () => {
    const [dead, living] = [names(30, 'dead'), names(20, 'living')];
    await desk.pass(3 * MINUTE, desk.repeatEachMinute([...dead, ...living]));
    await desk.pass(OUT, desk.repeatEachMinute(living));
    expect(desk.outageLevels).toEqual(['nodata']);
    await desk.pass(MINUTE, desk.repeatEachMinute([...living, 'dead7']));
    expect(desk.outageLevels).toEqual(['nodata', 'recovered']);
    expect(desk.recovered).toEqual([]);
    await desk.pass(OUT, desk.repeatEachMinute([...living, 'dead7']));
    expect(desk.recovered).toHaveLength(29);
  });

  it('is reported once although the process died after reporting it, and its end although events were refused', async () => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(30)));
    const { confirm } = desk.book;
    desk.book.confirm = async (reporter, finding, clock) => {
      if (finding.kind === 'outage' && desk.outageLevels.length < 2) throw new Error('died');
      return confirm(reporter, finding, clock);
    };
    for (let i = 0; i < OUT / SECOND; i++) await desk.pass(SECOND).catch(() => {});
    expect(new Set(desk.taken.map(({ id }) => id)).size).toBe(1);
    desk.refusal = 'too full';
    await desk.report(['o1'], FIRES_FOR);
    await expect(desk.expire()).rejects.toThrow();
    desk.refusal = undefined;
    await desk.expire();
    expect(desk.outageLevels).toEqual(['nodata', 'nodata', 'recovered']);
  });

  it('is forgotten after seven days', async () => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(700)));
    await desk.pass(OUT);
    for (let hour = 0; hour < 24 * 7; hour++) {
      desk.standStill(60 * MINUTE);
      await desk.expire();
    }
    expect(await desk.book.count(desk.reporter)).toMatchObject({ isOut: true });
    await redis.hset('tocsin:{lease-clock}', 'shows', desk.now + 8 * DAY);
    await desk.expire();
    expect(await desk.book.count(desk.reporter)).toEqual({ alerts: 0, isOut: false });
    expect(desk.outageLevels).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
  });

  it('is also reported if it began while Tocsin was down', async () => {
    await desk.pass(3 * MINUTE, desk.repeatEachMinute(names(30)));
    desk.standStill(60 * MINUTE);
    await desk.pass(OUT);
    expect(desk.outageLevels).toEqual(['nodata']);
    expect(desk.recovered).toEqual([]);
  });
});

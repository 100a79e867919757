import { afterAll, beforeEach, expect, it } from 'vitest';
import { outcomesKey, readLogLag } from '#libs/mailbox';
import { Gate } from '../admission/harness.js';
import { MINUTE, named, OwnDesk, policy, SECOND } from './own-desk.js';

const gate = new Gate(11);
afterAll(() => gate.close());

let desk: OwnDesk;
beforeEach(async () => {
  desk = new OwnDesk(gate);
  await desk.open(
    [named('ops'), named('red-ops', { team: 'red' })],
    [policy('tocsin', ['ops']), policy('*', ['red-ops'], { team: 'red' })],
  );
});
/** An outcome that is not recorded yet. */
const write = (shard: number, at: number) => gate.redis.xadd(outcomesKey(shard), `${at}-0`, 'id', 'd');
const recorded = (shard: number) => gate.redis.del(outcomesKey(shard));

it('the lag of the log is the age of the oldest outcome of all shards, and the number of all', async () => {
  expect(await readLogLag(gate.redis, gate.now)).toEqual({ waiting: 0, behindMs: 0 });
  await write(3, gate.now - 10 * SECOND);
  await write(3, gate.now - 5 * SECOND);
  await write(60, gate.now - 20 * SECOND);
  expect(await readLogLag(gate.redis, gate.now)).toEqual({ waiting: 3, behindMs: 20 * SECOND });
});

it('a lagging log is reported once, again when it gets worse, and once when it has caught up', async () => {
  await write(7, gate.now);
  await desk.pass(55 * SECOND);
  expect(desk.reported).toEqual([]);
  await desk.pass(5 * MINUTE);
  expect(desk.reached('ops')).toEqual(['warning log']);
  await desk.pass(15 * MINUTE);
  expect(desk.reached('ops')).toEqual(['warning log', 'error log']);
  await recorded(7);
  // The deliveries of these alerts have outcomes too; no recorder runs here.
  for (let shard = 0; shard < 64; shard++) await recorded(shard);
  await desk.pass(2 * MINUTE);
  expect(desk.reached('ops')).toEqual(['warning log', 'error log', 'recovered log']);
  expect(desk.reported).toHaveLength(3);
});

it('is reported to the team that runs the platform, and to no other', async () => {
  await write(7, gate.now - 2 * MINUTE);
  await desk.pass(MINUTE);
  expect(desk.reached('ops')).toEqual(['warning log']);
  expect(desk.reached('red-ops')).toEqual([]);
});

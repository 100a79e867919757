import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, Receiver, World } from './world.js';

let redis: TestRedis;
let receiver: Receiver;
let world: World;
beforeEach(async () => {
  redis = await startRedis({ appendonly: true });
  receiver = await Receiver.start();
  world = new World(redis.url);
  world.settings.set([httpEndpoint(receiver.url)]);
  await world.startWorker();
});
afterEach(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

const settled = (count: number) =>
  waitFor(() => world.recorded.filter(({ status }) => status !== 'retrying').length >= count, { what: 'the log' });
/** Waits until failed turns report a number of dead deliveries; returns them. */
const failed = (dead = 1): Promise<Job[]> =>
  waitFor(
    async () => {
      const jobs = await world.queue.getJobs(['failed']);
      return jobs.reduce((sum, { data }) => sum + (data.did?.dead ?? 0), 0) === dead && jobs;
    },
    { what: 'failed turns' },
  );
/** Retries a job as the queue board does, and waits until it has ended. */
async function retry(job: Job): Promise<Job> {
  await job.retry('failed');
  return waitFor(async () => {
    const now = await world.queue.getJob(job.id ?? '');
    return now?.finishedOn && (await now.isCompleted()) && now;
  });
}

describe('a turn in which a delivery died', () => {
  it('fails with the receiver’s answer and its other results, without a stack', async () => {
    receiver.answer = ({ body }) => (body.object === 'bad' ? 422 : 200);
    const ids = await world.post([
      { level: 'fatal', object: 'good' },
      { level: 'fatal', object: 'bad' },
    ]);
    const [job] = await failed();
    expect(job?.failedReason).toMatch(/^a delivery died: 422/);
    expect(job?.data.did).toMatchObject({ dead: 1, died: [ids[1]], words: expect.stringContaining('422') });
    expect(job?.stacktrace ?? []).toEqual([]);
  });

  it('names the first hundred of many, and counts all', async () => {
    // A target with a success gets more than one delivery at once.
    await world.post([{ level: 'fatal', object: 'good' }]);
    await settled(1);
    receiver.answer = () => 422;
    const events = Array.from({ length: 300 }, (_, i) => ({ level: 'fatal' as const, object: `o${i}` }));
    await world.post(events);
    await settled(301);
    const jobs = await failed(300);
    for (const { data, failedReason } of jobs) {
      expect(data.did.died.length).toBe(Math.min(100, data.did.dead));
      if (data.did.dead > 100) expect(failedReason).toContain('the log has them all');
    }
  });

  it('is reported though the receiver took longer than the turn', async () => {
    receiver.answer = () => 410;
    receiver.delayMs = 400;
    const [id] = await world.post([{ level: 'fatal' }]);
    const [job] = await failed();
    expect(job?.data.did).toMatchObject({ dead: 1, died: [id] });
    expect(job?.failedReason).toMatch(/^a delivery died: 410/);
  });

  it('does not fail for deliveries that are tried again', async () => {
    receiver.answer = (_, nth) => (nth === 0 ? 503 : 200);
    await world.post([{ level: 'fatal' }]);
    await settled(1);
    expect(await world.queue.getFailedCount()).toBe(0);
  });
});

describe('a retried failed turn', () => {
  it('replays the deliveries that died in it, and reports that', async () => {
    receiver.answer = (_, nth) => (nth === 0 ? 422 : 200);
    const ids = await world.post([
      { level: 'fatal', object: 'a' },
      { level: 'fatal', object: 'b' },
    ]);
    await settled(2);
    receiver.answer = () => 200;
    const jobs = await failed(2);
    const results = await Promise.all(jobs.map(async (job) => (await retry(job)).returnvalue));
    expect(results.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(2);
    expect(results[0].note).toMatch(/^replayed \d of what died in this turn$/);
    await settled(4);
    const replays = world.recorded.filter(({ status }) => status === 'delivered').map(({ deliveryId }) => deliveryId);
    expect(replays.sort()).toEqual(ids.map((id) => `${id}_r1`).sort());
    expect(await audit(world.redis)).toMatchObject({ imbalance: 0, pending: 0, dead: 2, delivered: 2 });
  });

  it('skips deliveries whose state is over, with the reason', async () => {
    receiver.answer = () => 422;
    await world.post([{ level: 'fatal' }]);
    await settled(1);
    await world.post([{ level: 'recovered' }]);
    const [job] = await failed();
    const { returnvalue } = await retry(job as Job);
    expect(returnvalue).toEqual({
      replayed: 0,
      skipped: 1,
      note: expect.stringContaining('replayed 0 of what died in this turn; skipped 1 (its episode has ended'),
    });
    expect(await audit(world.redis)).toMatchObject({ pending: 0, dead: 1 });
  });

  it('fails again if a replay is impossible now, and can be retried again', async () => {
    receiver.answer = () => 422;
    await world.post([{ level: 'fatal' }]);
    await settled(1);
    const [job] = await failed();
    world.settings.away = true;
    await job?.retry('failed');
    await waitFor(async () => (await world.queue.getJob(job?.id ?? ''))?.failedReason?.includes('try again later'));
    world.settings.away = false;
    receiver.answer = () => 200;
    const [again] = await failed();
    expect((await retry(again as Job)).returnvalue).toMatchObject({ replayed: 1 });
  });

  it('replays nothing by itself: a turn whose worker ended is only reported', async () => {
    const did = { taken: 1, delivered: 0, dead: 1, died: ['x-03'], words: '404: gone' };
    await world.queue.add('turn', { endpointId: 'e1', targetId: 'url', did }, { jobId: `e1.url.${randomUUID()}` });
    const [job] = await failed();
    expect(job?.failedReason).toBe('a delivery died: 404: gone');
    expect((await retry(job as Job)).returnvalue).toMatchObject({ replayed: 0, skipped: 1 });
  });
});

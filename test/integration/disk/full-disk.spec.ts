import { afterEach, expect, it } from 'vitest';
import { channelByType } from '#libs/channels';
import { createIntake, eventsOfJson, IntakeRefused } from '#libs/intake';
import { listWaiting } from '#libs/operations';
import { createDiskReserve, createRedis, type RedisClient, type RedisWatch, watchRedis } from '#libs/redis';
import { mountSmallDisk, type SmallDisk, startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, TestSettings } from '../delivery/world.js';

let disk: SmallDisk | undefined;
/** Mounts a small disk, or skips the test if this machine does not allow mounting; the reason is printed. */
const mounted = (kind: 'tmpfs' | 'ext4', skip: () => never): SmallDisk => {
  disk = mountSmallDisk(kind, 48);
  return disk ?? skip();
};
let server: TestRedis | undefined;
let redis: RedisClient | undefined;
let watch: RedisWatch | undefined;
afterEach(async () => {
  watch?.stop();
  redis?.disconnect();
  disk?.makeRoom();
  try {
    await server?.stop();
  } finally {
    disk?.remove();
    [disk, server, redis, watch] = [undefined, undefined, undefined, undefined];
  }
});

/** An intake over a Redis whose files are on the disk. */
async function open(at: SmallDisk, isVisible: boolean) {
  server = await startRedis({ appendonly: true, at: at.folder });
  const client = createRedis({ kind: 'single', url: server.url }, 'answer');
  redis = client;
  const reserve = createDiskReserve({ folder: at.folder, pending: async () => 0 });
  const looking = watchRedis(client, { allowUnsafe: false, file: isVisible ? { disk: reserve } : {} });
  watch = looking;
  await waitFor(() => looking.trouble() === undefined, { what: 'the watch to see Redis' });
  const settings = new TestSettings();
  settings.set([httpEndpoint('http://127.0.0.1:9/')]);
  const counting = { count: () => {}, countRefused: () => {} };
  const intake = createIntake({
    ...{ redis: client, watch: looking, settings, channelOf: channelByType, teamQuota: 0, ...counting },
    wake: async () => {},
  });
  const acknowledged = new Set<string>();
  let n = 0;
  /** Posts events until some are refused, a bounded number of times; returns the reason. */
  const postUntilRefused = async (times: number): Promise<string | undefined> => {
    for (let i = 0; i < times; i++) {
      const objects = Array.from({ length: 20 }, () => `o${n++}`);
      const events = objects.map((object) => ({ policy: 'cpu', object, level: 'fatal', content: 'x'.repeat(2_000) }));
      try {
        await intake.take(eventsOfJson(events), { team: null });
        for (const object of objects) acknowledged.add(object);
      } catch (error) {
        if (!(error instanceof IntakeRefused)) throw error;
        return error.message;
      }
    }
    return undefined;
  };
  return { server, client, looking, acknowledged, postUntilRefused };
}

async function arrived(client: RedisClient): Promise<Set<string>> {
  const found = new Set<string>();
  const { items, next } = await listWaiting(client, 'e1', { limit: 10_000, accept: () => true });
  expect(next).toBeUndefined();
  for (const { event } of items) found.add(event.object);
  return found;
}

it.for(['tmpfs', 'ext4'] as const)(
  'what was acknowledged before a full %s disk is there after a kill',
  async (kind, { skip }) => {
    const disk = mounted(kind, skip);
    const { server, client, looking, acknowledged, postUntilRefused } = await open(disk, false);
    expect(await postUntilRefused(20)).toBeUndefined();
    // After a rewrite Redis 7 leaves a hole behind a short write.
    await client.call('BGREWRITEAOF');
    await waitFor(async () => /aof_rewrite_in_progress:0\r/.test(String(await client.info('persistence'))), {
      what: 'the rewrite',
    });
    disk.fill(1_000_000);
    expect(await postUntilRefused(400)).toMatch(/Redis/);
    await waitFor(() => looking.trouble()?.includes('aof_last_write_status'), { what: 'the failed write' });
    disk.makeRoom();
    expect(await postUntilRefused(1)).toMatch(/append-only file/);
    await waitFor(() => looking.trouble() === undefined, { what: 'the rewrite of the file', timeoutMs: 20_000 });
    expect(await postUntilRefused(5)).toBeUndefined();
    await server.kill9();
    await server.restart();
    await waitFor(() => client.status === 'ready', { what: 'the connection' });
    const there = await arrived(client);
    expect(acknowledged.size).toBeGreaterThanOrEqual(500);
    expect([...acknowledged].filter((object) => !there.has(object))).toEqual([]);
  },
);

it('refuses events while the disk still has the reserve', async ({ skip }) => {
  const { client, looking, acknowledged, postUntilRefused } = await open(mounted('tmpfs', skip), true);
  expect(await postUntilRefused(3_000)).toMatch(/the disk of .* is full/);
  expect(looking.diskSpace()?.free).toBeGreaterThan(10 * 1024 * 1024);
  expect(String(await client.info('persistence'))).toContain('aof_last_write_status:ok');
  expect(acknowledged.size).toBeGreaterThan(0);
});

import { afterEach, expect, it } from 'vitest';
import { waitFor } from '../../support/index.js';
import { type DiskKind, DiskWorld } from './disk-world.js';

const KINDS = ['tmpfs', 'ext4'] as const;
let world: DiskWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A disk that is nearly full, after a rewrite. */
async function nearlyFull(kind: DiskKind, skip: () => never): Promise<DiskWorld> {
  const opened = await DiskWorld.open(kind, { isVisible: false, skip });
  world = opened;
  expect(await opened.postUntilRefused(20)).toBeUndefined();
  await opened.rewrite();
  opened.disk.fill(1_000_000);
  return opened;
}

it.for(KINDS)('what was acknowledged before and after a full %s disk is there after a kill', async (kind, { skip }) => {
  const full = await nearlyFull(kind, skip);
  expect(await full.postUntilRefused(400)).toMatch(/Redis/);
  await waitFor(() => full.watch.trouble()?.includes('aof_last_write_status'), { what: 'the failed write' });
  full.disk.makeRoom();
  expect(await full.postUntilRefused(1)).toMatch(/append-only file/);
  await waitFor(() => full.watch.trouble() === undefined, { what: 'the rewrite of the file', timeoutMs: 20_000 });
  expect(await full.postUntilRefused(5)).toBeUndefined();
  await full.server.kill9();
  expect(await full.restart()).toEqual([]);
  expect(full.acknowledged.size).toBeGreaterThanOrEqual(500);
  expect(await full.lost()).toEqual([]);
});

it.for(KINDS)('a kill right after the first refusal on a full %s disk loses nothing', async (kind, { skip }) => {
  const full = await nearlyFull(kind, skip);
  expect(await full.postUntilRefused(400)).toMatch(/Redis/);
  await full.server.kill9();
  full.disk.makeRoom();
  await full.restart();
  expect(full.acknowledged.size).toBeGreaterThanOrEqual(400);
  expect(await full.lost()).toEqual([]);
  await waitFor(() => full.watch.trouble() === undefined, { what: 'Redis to be safe again' });
  expect(await full.postUntilRefused(5)).toBeUndefined();
});

it.for(KINDS)(
  'a kill after a short write on a full %s disk, before the rewrite, loses nothing',
  async (kind, { skip }) => {
    const full = await nearlyFull(kind, skip);
    expect(await full.postUntilRefused(400)).toMatch(/Redis/);
    // Without the watch, nothing asks for the rewrite.
    full.watch.stop();
    await full.untilInfo(/aof_last_write_status:err\r/, 'the failed write');
    full.disk.makeRoom();
    await full.untilInfo(/aof_last_write_status:ok\r/, 'the next write');
    await full.server.kill9();
    const reports = await full.restart();
    expect(reports.join()).toMatch(/took out a hole of \d+ zero bytes/);
    expect(await full.lost()).toEqual([]);
  },
);

it.for(KINDS)('a kill during the rewrite after a full %s disk loses nothing', async (kind, { skip }) => {
  const full = await nearlyFull(kind, skip);
  // The rewrite takes some seconds.
  await full.client.config('SET', 'rdb-key-save-delay', '10000');
  expect(await full.postUntilRefused(400)).toMatch(/Redis/);
  await full.untilInfo(/aof_last_write_status:err\r/, 'the failed write');
  full.disk.makeRoom();
  await full.untilInfo(/aof_rewrite_in_progress:1\r/, 'the rewrite');
  expect(await full.postUntilRefused(1)).toMatch(/append-only file/);
  await full.server.kill9();
  await full.restart();
  expect(await full.lost()).toEqual([]);
});

it('refuses events while the disk still has the reserve', async ({ skip }) => {
  const full = await DiskWorld.open('tmpfs', { isVisible: true, skip });
  world = full;
  expect(await full.postUntilRefused(3_000)).toMatch(/the disk of .* is full/);
  expect(full.watch.diskSpace()?.free).toBeGreaterThan(10 * 1024 * 1024);
  expect(await full.client.info('persistence')).toContain('aof_last_write_status:ok');
  expect(full.acknowledged.size).toBeGreaterThan(0);
});

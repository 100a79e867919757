import { hash } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RedisClient } from '../connection/connection.js';
import { WriteFailed } from '../connection/failure.js';
import { MARKS } from '../memory/memory-marks.js';
import { type RedisWatch, watchRedis } from '../memory/memory-watch.js';
import { createDiskReserve } from './disk-reserve.js';

const GIB = 1024 ** 3;
const MISCONF = 'MISCONF Errors writing to the AOF file: No space left on device';

/** A node that refuses all but INFO and SCRIPT after a failed write, as Redis does. */
class FailingNode {
  isWritten = true;
  isRewriting = false;
  isRewritten = true;
  rewrites = 3;
  isAway = false;
  private readonly cached = new Set<string>();

  async call(command: string, ...args: string[]): Promise<unknown> {
    if (this.isAway) throw new Error('Connection is closed.');
    if (command === 'INFO') return this.info();
    if (command === 'SCRIPT' && args[0] === 'LOAD') return void this.cached.add(hash('sha1', args[1] as string, 'hex'));
    if (command === 'SCRIPT') return args.slice(1).map((one) => Number(this.cached.has(one)));
    if (command !== 'BGREWRITEAOF') throw new Error(`unexpected ${command}`);
    this.isRewriting = true;
    this.rewrites++;
    return 'Background append only file rewriting started';
  }

  async countPending(): Promise<number> {
    if (!this.isWritten) throw new Error(MISCONF);
    return 0;
  }

  endRewrite(isRewritten: boolean): void {
    this.isRewriting = false;
    this.isRewritten = isRewritten;
  }

  private info(): string {
    const fields = {
      ...{ redis_version: '7.0.15', used_memory: 1_000_000, maxmemory: 0, maxmemory_policy: 'noeviction' },
      ...{ aof_enabled: 1, aof_rewrites: this.rewrites, aof_current_size: 1_000, aof_buffer_length: 0 },
      aof_last_write_status: this.isWritten ? 'ok' : 'err',
      aof_last_bgrewrite_status: this.isRewritten ? 'ok' : 'err',
      ...{ aof_rewrite_in_progress: Number(this.isRewriting), aof_rewrite_scheduled: 0 },
    };
    return Object.entries(fields)
      .map(([name, value]) => `${name}:${value}\r\n`)
      .join('');
  }
}

let node: FailingNode;
let watch: RedisWatch;
beforeEach(async () => {
  vi.useFakeTimers();
  node = new FailingNode();
  const disk = createDiskReserve({
    folder: '/data',
    pending: () => node.countPending(),
    freeBytes: async () => GIB,
  });
  const redis = { nodes: () => [node] } as unknown as RedisClient;
  watch = watchRedis(redis, { allowUnsafe: false, file: { disk } });
  await looks(1);
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

/** Lets the watch check so many times, once a second. */
async function looks(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await vi.advanceTimersByTimeAsync(1_000);
  }
}

it('names the file as the reason while Redis refuses to count pending deliveries', async () => {
  expect(watch.trouble()).toBeUndefined();
  node.isWritten = false;
  await looks(3);
  expect(watch.trouble()).toContain('aof_last_write_status');
});

it('refuses events after room is made until a rewrite has succeeded', async () => {
  node.isWritten = false;
  await looks(3);
  node.isWritten = true;
  await looks(3);
  expect([node.isRewriting, node.rewrites]).toEqual([true, 4]);
  expect(watch.trouble()).toContain('Redis rewrites its append-only file');
  node.endRewrite(false);
  await looks(1);
  expect(watch.trouble()).toContain('append-only file');
  // However many rewrites fail, the damage stays known.
  for (let rewrites = 5; rewrites <= 7; rewrites++) {
    await looks(10);
    expect([node.isRewriting, node.rewrites]).toEqual([true, rewrites]);
    expect(watch.trouble(MARKS.shed)).toContain('Redis rewrites its append-only file');
    node.endRewrite(rewrites === 7);
    await looks(1);
    if (rewrites < 7) expect(watch.trouble(MARKS.shed)).toContain('Redis rewrites its append-only file');
  }
  expect(watch.trouble()).toBeUndefined();
});

it('has the file rewritten after a failed write that no check has seen, since the next one succeeded', async () => {
  watch.note(new Error(MISCONF));
  expect(watch.trouble()).toContain('aof_last_write_status');
  await looks(1);
  expect([node.isRewriting, node.rewrites]).toEqual([true, 4]);
  expect(watch.trouble(MARKS.shed)).toContain('Redis rewrites its append-only file');
  node.endRewrite(true);
  await looks(1);
  expect(watch.trouble()).toBeUndefined();
});

it('remembers a failed write while Redis does not answer', async () => {
  node.isAway = true;
  watch.note(new WriteFailed());
  await looks(3);
  node.isAway = false;
  await looks(1);
  expect([node.isRewriting, node.rewrites]).toEqual([true, 4]);
});

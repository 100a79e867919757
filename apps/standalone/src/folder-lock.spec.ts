import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeLock } from './folder-lock.js';
import { readLivePid, writePidFile } from './pid-file.js';
import { processMark } from './process-table.js';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pathOf = (name: string): string => join(folder, name);

/** Number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid as number;
}

describe('a pid file', () => {
  it('names a live process', () => {
    writePidFile(pathOf('own'), process.pid);
    expect(readLivePid(pathOf('own'))).toBe(process.pid);
  });

  it('does not mistake another process for the recorded one', () => {
    writeFileSync(pathOf('reused'), JSON.stringify({ pid: process.pid, mark: 'an earlier boot/1' }));
    expect(readLivePid(pathOf('reused'))).toBeUndefined();
  });

  it('returns none for a dead process and for a missing or unreadable file', async () => {
    writeFileSync(pathOf('dead'), JSON.stringify({ pid: await deadPid(), mark: processMark(process.pid) }));
    writeFileSync(pathOf('broken'), '{"pid":');
    expect(['dead', 'broken', 'missing'].map((name) => readLivePid(pathOf(name)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('does not count a zombie as alive', async () => {
    // The shell starts a child and becomes a program that never waits for it, so the dead child stays a zombie.
    const script = 'sleep 60 & echo $!; exec sleep 60';
    const parent = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim()).toBe('sleep');
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => processMark(pid)).toBeUndefined();
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill('SIGKILL');
  });
});

describe('the lock of a data folder', () => {
  it('is held by one process at a time', async () => {
    const lock = await takeLock(pathOf('a'));
    await expect(takeLock(pathOf('a'))).rejects.toThrow(`already runs on this data folder (process ${process.pid})`);
    lock.release();
    (await takeLock(pathOf('a'))).release();
    expect(readdirSync(folder).filter((name) => name.startsWith('a'))).toEqual([]);
  });

  it('is taken over from a dead process', async () => {
    writeFileSync(pathOf('b'), JSON.stringify({ pid: await deadPid(), mark: 'x' }));
    const lock = await takeLock(pathOf('b'));
    expect(readLivePid(pathOf('b'))).toBe(process.pid);
    lock.release();
  });

  it('is waited for while its holder stops', async () => {
    const lock = await takeLock(pathOf('c'));
    lock.announceStop();
    setTimeout(() => lock.release(), 2_500);
    const next = await takeLock(pathOf('c'));
    expect(existsSync(pathOf('c.stopping'))).toBe(false);
    next.release();
  });
});

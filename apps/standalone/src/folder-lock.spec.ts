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

/** The number of a process that has been and is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid as number;
}

describe('a pid file', () => {
  it('names a process that lives', () => {
    writePidFile(pathOf('own'), process.pid);
    expect(readLivePid(pathOf('own'))).toBe(process.pid);
  });

  it('does not take another process for the one it remembers', () => {
    writeFileSync(pathOf('reused'), JSON.stringify({ pid: process.pid, mark: 'an earlier boot/1' }));
    expect(readLivePid(pathOf('reused'))).toBeUndefined();
  });

  it('knows the dead, the missing and the unreadable', async () => {
    writeFileSync(pathOf('dead'), JSON.stringify({ pid: await deadPid(), mark: processMark(process.pid) }));
    writeFileSync(pathOf('broken'), '{"pid":');
    expect(['dead', 'broken', 'missing'].map((name) => readLivePid(pathOf(name)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('sees no life in a zombie', async () => {
    // The shell starts a child and becomes a program that never asks after it: when the child dies, it stays a zombie.
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
  it('is taken by one at a time', async () => {
    const lock = await takeLock(pathOf('a'));
    await expect(takeLock(pathOf('a'))).rejects.toThrow(`already runs on this data folder (process ${process.pid})`);
    lock.release();
    (await takeLock(pathOf('a'))).release();
    expect(readdirSync(folder).filter((name) => name.startsWith('a'))).toEqual([]);
  });

  it('is taken over from the dead', async () => {
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

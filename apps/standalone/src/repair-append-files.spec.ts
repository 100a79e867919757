import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repairAppendFiles } from './repair-append-files.js';

const SET = '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\n\0\0\r\n\r\n';
const HOLE = '\0'.repeat(5_000);
let folder: string;
let files: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-repair-'));
  files = join(folder, 'appendonlydir');
  said = [];
  mkdirSync(files);
  writeFileSync(join(files, 'appendonly.aof.1.base.rdb'), 'base');
  writeFileSync(
    join(files, 'appendonly.aof.manifest'),
    'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const incremental = () => join(files, 'appendonly.aof.1.incr.aof');
const repair = () => repairAppendFiles(folder, (text) => said.push(text));
const kept = () => readdirSync(folder).filter((name) => name.startsWith('damaged-'));

it('leaves whole files as they are, also with zero bytes in arguments', async () => {
  writeFileSync(incremental(), SET + SET);
  await repair();
  expect(readFileSync(incremental(), 'utf8')).toBe(SET + SET);
  expect([said, kept()]).toEqual([[], []]);
});

it('takes out holes, cuts an incomplete end, keeps the damaged file and reports both', async () => {
  const damaged = SET + HOLE + SET + HOLE + SET.slice(0, 20);
  writeFileSync(incremental(), damaged);
  await repair();
  expect(readFileSync(incremental(), 'utf8')).toBe(SET + SET);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('2 commands are kept');
  expect(said[0]).toContain(`took out a hole of 5000 zero bytes at byte ${SET.length}`);
  expect(said[0]).toContain('cut 20 bytes at byte 10060: one incomplete command SET, which is lost');
  const [copy] = kept();
  expect(readFileSync(join(folder, copy as string, 'appendonly.aof.1.incr.aof'), 'utf8')).toBe(damaged);
  expect(readFileSync(join(folder, copy as string, 'report.txt'), 'utf8')).toBe(`${said[0]}\n`);
});

it('stops before unreadable bytes and changes nothing', async () => {
  writeFileSync(incremental(), `${SET}junk${SET}`);
  await expect(repair()).rejects.toThrow(`is damaged at byte ${SET.length}`);
  expect(readFileSync(incremental(), 'utf8')).toBe(`${SET}junk${SET}`);
});

it.each([
  ['appendonly.aof.manifest', 'no manifest, and Redis would start empty'],
  ['appendonly.aof.1.base.rdb', 'lacks appendonly.aof.1.base.rdb'],
])('stops without %s', async (name, message) => {
  writeFileSync(incremental(), SET);
  rmSync(join(files, name));
  await expect(repair()).rejects.toThrow(message);
});

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const tree = mkdtempSync(join(tmpdir(), 'tocsin-copy-assets-'));
const exists = (file: string): boolean => existsSync(join(tree, file));

function write(file: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), '');
}

beforeAll(() => {
  for (const name of ['copy-assets.mjs', 'run.mjs'])
    cpSync(join(import.meta.dirname, name), join(tree, 'scripts', name), { recursive: true });
  for (const source of ['apps/api/src/main.ts', 'libs/mailbox/src/take.lua', 'libs/mailbox/src/take.ts']) write(source);
  for (const built of ['apps/api/src/main.js', 'apps/api/src/main.js.map', 'libs/mailbox/src/take.js'])
    write(`dist/${built}`);
  for (const built of ['apps/api/src/gone.js', 'libs/mailbox/src/gone.js.map', 'libs/mailbox/src/gone.lua'])
    write(`dist/${built}`);
  write('dist/apps/console/public/assets/a/b/app-3f2a1b9c.js');
  execFileSync(process.execPath, [join(tree, 'scripts/copy-assets.mjs')]);
});
afterAll(() => rmSync(tree, { recursive: true }));

it('copies Lua scripts beside the built programs', () => {
  expect(exists('dist/libs/mailbox/src/take.lua')).toBe(true);
});

it('removes built files whose source is gone, and no others', () => {
  for (const built of ['apps/api/src/gone.js', 'libs/mailbox/src/gone.js.map', 'libs/mailbox/src/gone.lua'])
    expect(exists(`dist/${built}`), built).toBe(false);
  for (const built of ['apps/api/src/main.js', 'apps/api/src/main.js.map', 'libs/mailbox/src/take.js'])
    expect(exists(`dist/${built}`), built).toBe(true);
});

it('leaves what the console has built', () => {
  expect(exists('dist/apps/console/public/assets/a/b/app-3f2a1b9c.js')).toBe(true);
});

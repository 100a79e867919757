// Copies the Lua scripts beside the built programs, and removes built files whose source is gone. The console is built by
// its own workspace: nothing below dist/apps/console is touched.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './run.mjs';

const dist = join(ROOT, 'dist');
const consoleFolder = join('apps', 'console', '/');

const filesIn = (root) =>
  ['apps', 'libs']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith(consoleFolder));

const isAsset = (path) => path.endsWith('.lua');

for (const asset of filesIn(ROOT).filter(isAsset)) cpSync(join(ROOT, asset), join(dist, asset));

for (const built of filesIn(dist)) {
  const source = isAsset(built) ? built : built.replace(/\.js(\.map)?$/, '.ts');
  if (!existsSync(join(ROOT, source))) rmSync(join(dist, built));
}

// Puts beside the built programs what they read at run time, and removes what was built from sources that are gone.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './run.mjs';

const dist = join(ROOT, 'dist');

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const isAsset = (path) => path.endsWith('.lua') || path.startsWith(join('apps', 'console', 'public'));

const assets = ['apps', 'libs']
  .flatMap((folder) => filesIn(join(ROOT, folder)))
  .map((path) => relative(ROOT, path))
  .filter(isAsset);
for (const asset of assets) cpSync(join(ROOT, asset), join(dist, asset));

for (const built of ['apps', 'libs'].flatMap((folder) => filesIn(join(dist, folder)))) {
  const path = relative(dist, built);
  const source = isAsset(path) ? path : path.replace(/\.js(\.map)?$/, '.ts');
  if (!existsSync(join(ROOT, source))) rmSync(built);
}

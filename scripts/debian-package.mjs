import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './run.mjs';

const exec = promisify(execFile);
const CACHE = join(ROOT, '.cache');

/** Puts what is in a package of the distribution into a folder, without installing anything. */
export async function unpackPackage(name, folder) {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'unpack-'));
  try {
    await exec('apt-get', ['download', name], { cwd: work, timeout: 120_000 });
    const deb = readdirSync(work).find((file) => file.endsWith('.deb'));
    await exec('dpkg', ['-x', join(work, deb), join(work, 'root')]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

import { linkSync, renameSync, rmSync } from 'node:fs';
import { readLivePid, writePidFile } from './pid-file.js';

/** Takes a lock file for this process; returns what gives it back. A lock whose holder is dead is taken over. */
export function takeLock(path: string): () => void {
  const own = `${path}.${process.pid}`;
  writePidFile(own, process.pid);
  try {
    if (!tryLink(own, path)) {
      removeStale(path);
      if (!tryLink(own, path)) throw inUse(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** Two starts may find the same dead holder: who moves it away looks at what it has moved, and puts a live one back. */
function removeStale(path: string): void {
  const holder = readLivePid(path);
  if (holder !== undefined) throw inUse(path, holder);
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readLivePid(aside);
  if (moved !== undefined) tryLink(aside, path);
  rmSync(aside, { force: true });
  if (moved !== undefined) throw inUse(path, moved);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function inUse(path: string, pid = readLivePid(path)): Error {
  return new Error(
    `Tocsin already runs on this data folder${pid === undefined ? '' : ` (process ${pid})`}: ${path}\n` +
      'Stop it first, or set TOCSIN_DATA_DIR (and PORT) for a second one.',
  );
}

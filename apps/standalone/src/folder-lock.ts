import { linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLivePid, writePidFile } from './pid-file.js';

export interface FolderLock {
  /** Marks the holder as stopping, so that another start waits instead of giving up. */
  announceStop(): void;
  release(): void;
}

/** Time in which all processes stop: 15 s, in stages. */
const STOP_WITHIN_MS = 40_000;
/** Time in which a holder notices that its parent was killed. */
const NOTICE_WITHIN_MS = 1_500;

/** Takes a lock file for this process. A lock whose holder is dead is taken over; one that is stopping is waited for. */
export async function takeLock(path: string): Promise<FolderLock> {
  const startedAt = performance.now();
  for (;;) {
    try {
      tryTake(path);
      return { announceStop: () => writePidFile(stopFile(path), process.pid), release: () => release(path) };
    } catch (error) {
      const patienceMs = readLivePid(stopFile(path)) === undefined ? NOTICE_WITHIN_MS : STOP_WITHIN_MS;
      if (!(error instanceof LockHeld) || performance.now() - startedAt > patienceMs) throw error;
      await sleep(100);
    }
  }
}

const stopFile = (path: string): string => `${path}.stopping`;

function release(path: string): void {
  rmSync(stopFile(path), { force: true });
  rmSync(path, { force: true });
}

function tryTake(path: string): void {
  const own = `${path}.${process.pid}`;
  writePidFile(own, process.pid);
  try {
    if (tryLink(own, path)) return;
    removeStale(path);
    if (!tryLink(own, path)) throw new LockHeld(path);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves the lock of a dead holder away. Two starts may find the same one, so a moved lock of a live holder is put back. */
function removeStale(path: string): void {
  const holder = readLivePid(path);
  if (holder !== undefined) throw new LockHeld(path, holder);
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
  if (moved !== undefined) throw new LockHeld(path, moved);
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

class LockHeld extends Error {
  constructor(path: string, pid = readLivePid(path)) {
    super(
      `Tocsin already runs on this data folder${pid === undefined ? '' : ` (process ${pid})`}: ${dirname(path)}\n` +
        'Stop it first, or set TOCSIN_DATA_DIR (and PORT) for a second one.',
    );
  }
}

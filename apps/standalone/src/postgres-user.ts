import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.js';

/** User and wrapper of PostgreSQL, which refuses to run as root. */
export interface PostgresUser {
  ids?: { uid: number; gid: number };
  wrapper?: readonly string[];
}

/** User id of `nobody` and group id of `nogroup` on every Linux. */
const NOBODY = 65_534;
const UNSHARE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'] as const;

/**
 * An ordinary user runs it directly. A user without a name, as in some containers, gets one, since PostgreSQL requires it.
 * Root becomes `nobody` if that user can access the folder and the programs; otherwise root is mapped to `nobody` in a user
 * namespace, and so are root's files. Sets the owner of the folder.
 */
export function preparePostgresUser(folder: string, binaries: PostgresBinaries): PostgresUser {
  if (process.getuid?.() !== 0) return hasName() ? {} : { wrapper: UNSHARE };
  if (nobodyReaches(dirname(folder), binaries)) {
    changeOwner(folder, NOBODY);
    return { ids: { uid: NOBODY, gid: NOBODY } };
  }
  if (spawnSync(UNSHARE[0], [...UNSHARE.slice(1), 'true'], { stdio: 'ignore' }).status === 0) {
    changeOwner(folder, 0);
    return { wrapper: UNSHARE };
  }
  throw new Error(
    `PostgreSQL does not run as root, and another user cannot access ${folder} or ${dirname(binaries.postgres)}.\n` +
      'Start Tocsin as an ordinary user, or move it and TOCSIN_DATA_DIR to where others may read (not under /root), ' +
      'or set DATABASE_URL.',
  );
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

function nobodyReaches(above: string, binaries: PostgresBinaries): boolean {
  const script = 'test -x "$1" && "$2" --version';
  const options = { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: 'ignore' } as const;
  return spawnSync('/bin/sh', ['-c', script, 'sh', above, binaries.postgres], options).status === 0;
}

/** Changes the owner after an earlier start as another user, since PostgreSQL's folder must belong to its user. */
function changeOwner(path: string, uid: number): void {
  const stat = lstatSync(path);
  if (stat.uid !== uid) chownSync(path, uid, uid);
  if (stat.isDirectory()) for (const name of readdirSync(path)) changeOwner(join(path, name), uid);
}

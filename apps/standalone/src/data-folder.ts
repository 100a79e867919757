import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Paths of all that the standalone mode stores. */
export interface DataFolder {
  root: string;
  lock: string;
  adminKey: string;
  secretKey: string;
  postgresPassword: string;
  redis: string;
  postgres: string;
  logs: string;
  pids: string;
  /** Outside the data folder: the path of a socket must be short. */
  redisSocket: string;
}

/** Longest socket path on all supported systems (macOS: 104 with the final zero; Linux: 108). */
const SOCKET_PATH_MAX = 103;
/** Subfolders that only the owner can enter. */
const PRIVATE = ['redis', 'logs', 'pids'] as const;

/** Creates the folder if it is missing; only its owner can read the secrets and data in it. */
export function openDataFolder(path: string): DataFolder {
  const root = makeRoot(path);
  return {
    root,
    lock: join(root, 'lock'),
    adminKey: join(root, 'admin.key'),
    secretKey: join(root, 'secret.key'),
    postgresPassword: join(root, 'postgres.key'),
    redis: join(root, 'redis'),
    postgres: join(root, 'postgres'),
    logs: join(root, 'logs'),
    pids: join(root, 'pids'),
    redisSocket: join(socketFolder(root), 'redis.sock'),
  };
}

function makeRoot(path: string): string {
  try {
    makeFolder(path);
    const root = realpathSync(path);
    // PostgreSQL may run as another user, who can pass through but not list the folder.
    if (lstatSync(root).uid === process.getuid?.()) chmodSync(root, 0o711);
    for (const name of PRIVATE) makeFolder(join(root, name), 0o700);
    return root;
  } catch (error) {
    throw new Error(`cannot create the data folder ${path} (TOCSIN_DATA_DIR): ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Creates each missing folder on its own: `recursive` tries for ever on file systems such as /proc. */
function makeFolder(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const one of missing) {
    try {
      mkdirSync(one, { mode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(path).isDirectory()) throw new Error(`${path} is not a folder`);
}

/**
 * Creates a short folder for sockets, one per data folder and user, that only its owner can enter. It is created again if
 * it is missing, since temporary files may be removed.
 */
export function socketFolder(root: string): string {
  const uid = process.getuid?.() ?? 0;
  const name = `tocsin-${uid}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
  const parent = join(tmpdir(), name, 'redis.sock').length <= SOCKET_PATH_MAX ? tmpdir() : '/tmp';
  const path = join(parent, name);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // In a folder that all users can write, another user may have been first.
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`${path} belongs to another user; remove it, or set TMPDIR to a folder of your own`);
  }
  return path;
}

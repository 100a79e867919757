import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that the standalone mode keeps, and where. */
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

/** The strictest limit of the systems we run on (macOS: 104 with the final zero; Linux: 108). */
const SOCKET_PATH_MAX = 103;

/** Makes the folder where it is missing; secrets and data in it are the owner's alone. */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new Error(`cannot make the data folder ${path} (TOCSIN_DATA_DIR): ${(error as Error).message}`, {
      cause: error,
    });
  }
  const root = realpathSync(path);
  // PostgreSQL may run as another user, who passes through without seeing what is here.
  if (lstatSync(root).uid === process.getuid?.()) chmodSync(root, 0o711);
  const folder: DataFolder = {
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
  for (const one of [folder.redis, folder.logs, folder.pids]) mkdirSync(one, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * A short folder for sockets, one for each data folder and user, that nobody else may enter. Made anew where it is
 * missing: what stands among temporary files may be cleared away.
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
  // In a folder that everybody may write to, somebody else may have been first.
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`${path} belongs to somebody else; remove it, or set TMPDIR to a folder of your own`);
  }
  return path;
}

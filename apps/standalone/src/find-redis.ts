import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isNewEnough, probeRedis, REDIS_VERSION_MIN, type RedisProgram } from './redis-program.js';
import { type RedisSearch, unpackRedis } from './unpack-redis.js';

const NAMES = ['redis-server', 'valkey-server'];
/** Folders in which package managers install servers, outside an ordinary user's PATH. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin', '/snap/bin'];

/** Finds a Redis on the machine, or unpacks one without installing it, or fails with the remedy. */
export async function findRedis(search: RedisSearch): Promise<RedisProgram> {
  const folders = [...new Set([...search.path.split(delimiter).filter(Boolean), ...MORE_FOLDERS])];
  const tooOld: string[] = [];
  for (const command of folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))) {
    if (!isExecutable(command)) continue;
    const program = await probeRedis(command);
    if (program && isNewEnough(program.version)) return program;
    if (program) tooOld.push(`${program.version} (${command})`);
  }
  try {
    return await unpackRedis(search);
  } catch (error) {
    throw new Error(adviceOf(error, tooOld), { cause: error });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function adviceOf(error: unknown, tooOld: string[]): string {
  return [
    `No Redis ${REDIS_VERSION_MIN.join('.')} or newer was found, and none could be unpacked: ${(error as Error).message}`,
    ...(tooOld.length > 0 ? [`Too old: ${tooOld.join(', ')}`] : []),
    'Do one of these and start again:',
    ...(process.platform === 'darwin'
      ? ['  brew install redis']
      : [
          '  sudo apt-get install redis-server     (Debian, Ubuntu)',
          '  sudo dnf install valkey               (Fedora)',
        ]),
    '  docker run -d -p 127.0.0.1:6379:6379 redis:7 --appendonly yes --maxmemory-policy noeviction',
    '      and set REDIS_URL=redis://127.0.0.1:6379',
  ].join('\n');
}

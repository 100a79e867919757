import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Redis server program that runs on this machine. */
export interface RedisProgram {
  command: string;
  /** Set where its libraries were unpacked beside it. */
  libraryPath?: string;
  /** For people: `Redis 7.0.15`. */
  version: string;
}

/** Scripts and stream commands of BullMQ and Tocsin are of this version. */
export const REDIS_VERSION_MIN = [6, 2] as const;

/** What a program calls itself; undefined when it does not run or is no Redis. */
export async function probeRedis(command: string, libraryPath?: string): Promise<RedisProgram | undefined> {
  const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
  try {
    const { stdout } = await promisify(execFile)(command, ['--version'], { env, timeout: 10_000 });
    const match = /^(Redis|Valkey) server v=(\d+\.\d+\.\d+)/i.exec(stdout);
    return match ? { command, version: `${match[1]} ${match[2]}`, ...(libraryPath ? { libraryPath } : {}) } : undefined;
  } catch {
    return undefined;
  }
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);
  return major > REDIS_VERSION_MIN[0] || (major === REDIS_VERSION_MIN[0] && minor >= REDIS_VERSION_MIN[1]);
}

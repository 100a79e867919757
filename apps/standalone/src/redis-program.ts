import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Redis server program that runs on this machine. */
export interface RedisProgram {
  command: string;
  /** Library path; set if its libraries were unpacked beside it. */
  libraryPath?: string;
  /** Name and version in messages: `Redis 7.0.15`. */
  version: string;
}

/** Oldest version with the scripts and stream commands that BullMQ and Tocsin use. */
export const REDIS_VERSION_MIN = [6, 2] as const;

/** Name and version that a program prints; undefined if it does not run or is not Redis. */
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

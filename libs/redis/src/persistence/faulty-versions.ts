import { readField } from '../connection/redis-info.js';

interface FaultyVersions {
  server: 'Redis' | 'Valkey';
  from: string;
  /** First version without the fault; undefined while there is none. */
  fixedIn?: string;
}

/**
 * Versions that open the append-only file without O_APPEND after a rewrite. After a short write they continue behind a
 * hole of zero bytes, and do not load the file again. Source: `openNewIncrAofForAppend` in src/aof.c of Redis 7.0, 7.2 and 8;
 * Valkey began as Redis 7.2.
 */
export const FAULTY_VERSIONS: readonly FaultyVersions[] = [
  { server: 'Redis', from: '7.0.0' },
  { server: 'Valkey', from: '7.2.0' },
];

/** Says that a version damages its file on a full disk; undefined if it does not. @param version `Redis 7.0.15` */
export function faultOf(version: string): string | undefined {
  const [server, number = ''] = version.split(' ');
  const isFaulty = FAULTY_VERSIONS.some(
    (one) =>
      one.server === server &&
      compare(number, one.from) >= 0 &&
      (one.fixedIn === undefined || compare(number, one.fixedIn) < 0),
  );
  return isFaulty ? `${version} damages its append-only file when its disk is full; keep room on the disk` : undefined;
}

/** Name and version in the section `server` of INFO. */
export function versionOf(info: string): string | undefined {
  const valkey = readField(info, 'valkey_version');
  if (valkey !== undefined) return `Valkey ${valkey}`;
  const redis = readField(info, 'redis_version');
  return redis === undefined ? undefined : `Redis ${redis}`;
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

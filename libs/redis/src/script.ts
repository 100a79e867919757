import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisClient } from './connection.js';

/** Lua source of one script, composed of files. */
export interface Script {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

/**
 * Composes a script from files, in order. A script that drains a full Redis may run in one; one that fills it is refused
 * before it begins. The flags for this need Redis 7 or Valkey.
 */
export function defineScript(name: string, files: readonly URL[], { whenFull }: { whenFull: boolean }): Script {
  const mark = whenFull ? '#!lua flags=allow-oom' : '#!lua';
  const source = `${mark}\n${files.map((file) => readFileSync(file, 'utf8')).join('\n')}`;
  return { name, source, sha: createHash('sha1').update(source).digest('hex') };
}

/**
 * Runs a script by its hash. The source is sent only if Redis does not have it (after a restart or a failover).
 * @param key routes the call to the node of its hash tag
 */
export async function runScript(
  redis: RedisClient,
  script: Script,
  key: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, 1, key, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(script.source, 1, key, ...args);
  }
}

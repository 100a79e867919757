import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RedisClient } from './connection.js';

/** Lua source of one purpose, made of files that build on each other. */
export interface Script {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
}

/**
 * Puts a script together from files, in order. It is allowed to run while Redis is full: what drains a full Redis must
 * not be stopped by it (the API refuses new events long before).
 * The mark is one of Redis 7 and newer; `plain` serves older servers, where it would be a syntax error.
 */
export function defineScript(name: string, files: readonly URL[]): Script {
  const source = `#!lua flags=allow-oom\n${files.map((file) => readFileSync(file, 'utf8')).join('\n')}`;
  return { name, source, sha: createHash('sha1').update(source).digest('hex') };
}

/**
 * Runs a script by its hash, sending the source only where Redis does not know it (after a restart or a failover).
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

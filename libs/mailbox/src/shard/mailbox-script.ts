import { defineScript, type RedisClient, runScript, type Script } from '#libs/redis';
import { ledgerKey, parseTargetName, shardOf, shardPrefix } from './keys.js';
import { wake } from './wake.js';
import { WORDS } from './words.js';

const SHARED = { modules: new URL('../modules/', import.meta.url), words: WORDS, rows: [wake] };

/** Defines a script that uses the modules and the constants of the mailboxes. */
export const defineMailboxScript: typeof defineScript = (declaration) => defineScript(declaration, SHARED);

/** The arguments of a script without the prefix of its shard. */
type InShard<Arguments> = Omit<Arguments, 'prefix'>;

/** Runs a script in a shard. */
export function runInShard<Arguments extends { prefix: string }, Answer>(
  redis: RedisClient,
  script: Script<Arguments, Answer>,
  shard: number,
  args: InShard<Arguments>,
): Promise<Answer> {
  return runScript(redis, script, ledgerKey(shard), { ...args, prefix: shardPrefix(shard) } as unknown as Arguments);
}

/** The shard of a target. */
export const shardOfTarget = (target: string): number => shardOf(parseTargetName(target).endpointId);

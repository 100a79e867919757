import { defineScript, type RedisClient, runScript, type Script } from '#libs/redis';
import { ledgerKey, SHARDS, shardPrefix } from './keys.js';
import { MAILBOX_LUA } from './lua-files.js';

const lua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);

/** A script that goes round shards; see `lua/round.lua` for what it is given and answers. It runs in a full Redis too. */
export const defineRound = (name: string): Script =>
  defineScript(name, [MAILBOX_LUA, lua('round'), lua(name)], { whenFull: true });

const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);

/**
 * Goes once round all shards. On one server a single call does, since a script may build the names of its keys; on a
 * Redis Cluster each shard is asked on its own node.
 * @returns what each run of the script found, in the order of the shards
 */
export async function goRound<Found>(
  redis: RedisClient,
  script: Script,
  args: readonly (string | number)[] = [],
): Promise<Found[]> {
  const groups = redis.isCluster ? ALL.map((shard) => [shard]) : [ALL];
  const rounds = await Promise.all(
    groups.map(async (shards) => {
      const key = ledgerKey(shards[0] as number);
      const prefixes = shards.map(shardPrefix).join(' ');
      const found: Found[] = [];
      let from: (string | number)[] = [1, '0'];
      while (from.length > 0) {
        const [some, next] = (await runScript(redis, script, key, [prefixes, ...from, ...args])) as [
          Found,
          (string | number)[],
        ];
        found.push(some);
        from = next;
      }
      return found;
    }),
  );
  return rounds.flat();
}

import { type Kind, number, optional, type RedisClient, row, runScript, type Script, text } from '#libs/redis';
import { ledgerKey, SHARDS, shardPrefix } from './keys.js';

/**
 * The arguments of a script that visits shards in runs: their prefixes between spaces, and where the run begins: the nth of
 * them, and a cursor inside it.
 */
export const roundArguments = { prefixes: text, nth: number, cursor: text };

/** The answer of such a script: its findings, and where the next run begins; nothing after the last one. */
export const roundAnswer = <T>(found: Kind<T>) =>
  row('round', { found, next: optional(row('roundPosition', { nth: number, cursor: text })) });

const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);

interface RoundPosition {
  nth: number;
  cursor: string;
}

/**
 * Visits all shards once. On one server a single call can visit all, since a script may build the names of its keys; on a
 * Redis Cluster each shard is visited on its own node.
 * @returns the findings of each run, in the order of the shards
 */
export async function goRound<Extra extends object, Found>(
  redis: RedisClient,
  script: Script<RoundPosition & { prefixes: string } & Extra, { found: Found; next: RoundPosition | undefined }>,
  extra: Extra,
): Promise<Found[]> {
  const groups = redis.isCluster ? ALL.map((shard) => [shard]) : [ALL];
  const rounds = await Promise.all(
    groups.map(async (shards) => {
      const key = ledgerKey(shards[0] as number);
      const prefixes = shards.map(shardPrefix).join(' ');
      const all: Found[] = [];
      for (let from: RoundPosition | undefined = { nth: 1, cursor: '0' }; from; ) {
        const run: { found: Found; next: RoundPosition | undefined } = await runScript(redis, script, key, {
          ...extra,
          prefixes,
          ...from,
        });
        all.push(run.found);
        from = run.next;
      }
      return all;
    }),
  );
  return rounds.flat();
}

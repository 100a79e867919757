const SHARDS = 64;

/** Prefixes of a shard's keys. Stored data depends on them, so they are the same in every commit. */
const prefixes = Array.from({ length: SHARDS }, (_, shard) => `tocsin:{s${String(shard).padStart(2, '0')}}:`);

/** Deliveries that are still pending, plus outcomes that the delivery log does not contain yet. */
export async function countUnfinished(redis) {
  const pipeline = redis.pipeline();
  for (const prefix of prefixes) pipeline.hget(`${prefix}ledger`, 'pending').xlen(`${prefix}outcomes`);
  const answers = await pipeline.exec();
  return answers.reduce((sum, [error, number]) => {
    if (error) throw error;
    return sum + Number(number);
  }, 0);
}

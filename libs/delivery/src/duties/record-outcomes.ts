import type { OutcomeRecord } from '#libs/contracts';
import { type OutcomePage, outcomesWaiting, readOutcomes } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** The store of the delivery log. Storing the same outcomes twice changes nothing. */
export interface DeliveryRecords {
  /** @returns outcomes that can never be stored */
  record(batch: readonly OutcomeRecord[]): Promise<OutcomeRecord[]>;
}

/** Outcomes of a shard that are read at once. */
const PAGE = 250;
/** Outcomes of one statement: enough to be efficient, and few enough of the largest events to fit in memory. */
const BATCH = 1_000;

export interface RecorderDeps {
  redis: RedisClient;
  log: DeliveryRecords;
  onUnstorable(deliveryId: string): void;
}

/**
 * The recorder: moves the outcome streams of all shards into the delivery log.
 * @returns how many outcomes were moved; rejects, without loss, when Redis or the log does not answer
 */
export async function recordOutcomes({ redis, log, onUnstorable }: RecorderDeps): Promise<number> {
  const lengths = await outcomesWaiting(redis);
  let moved = 0;
  let pages: OutcomePage[] = [];
  const store = async (): Promise<void> => {
    const records = pages.flatMap((page) => page.records);
    const unstorable = records.length > 0 ? await log.record(records) : [];
    for (const { deliveryId } of unstorable) onUnstorable(deliveryId);
    for (const deliveryId of pages.flatMap((page) => page.broken)) onUnstorable(deliveryId);
    await Promise.all(pages.map((page) => page.forget()));
    moved += records.length;
    pages = [];
  };
  for (const [shard, length] of lengths.entries()) {
    const page = length > 0 ? await readOutcomes(redis, shard, PAGE) : undefined;
    if (page) pages.push(page);
    if (pages.reduce((sum, { records }) => sum + records.length, 0) >= BATCH) await store();
  }
  await store();
  return moved;
}

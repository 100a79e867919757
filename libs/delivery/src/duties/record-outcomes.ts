import type { OutcomeRecord } from '#libs/contracts';
import { type OutcomePage, outcomesWaiting, readOutcomes } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** Where outcomes are kept; storing the same ones again changes nothing. */
export interface DeliveryRecords {
  /** @returns those that can never be stored, whatever the cause */
  record(batch: readonly OutcomeRecord[]): Promise<OutcomeRecord[]>;
}

const PAGE = 250;
/** Enough for an efficient statement, and little enough of the largest events to hold in memory. */
const BATCH = 1_000;

export interface RecorderParts {
  redis: RedisClient;
  log: DeliveryRecords;
  onUnstorable(deliveryId: string): void;
}

/**
 * Moves what is in the outcome streams into the log, once around all shards.
 * @returns how many records were moved; rejects when Redis or the log does not answer, having lost nothing
 */
export async function recordOutcomes({ redis, log, onUnstorable }: RecorderParts): Promise<number> {
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

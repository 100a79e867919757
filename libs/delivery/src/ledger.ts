import { ledgerKey, MAILBOX_LUA, SHARDS, shardPrefix } from '#libs/mailbox';
import { defineScript, type RedisClient, runScript } from '#libs/redis';

const AUDIT = defineScript('audit', [MAILBOX_LUA, new URL('./lua/audit.lua', import.meta.url)], { whenFull: true });

/** All shards' counters added up: deliveries by state, suppressions, latency buckets. */
export async function readLedger(redis: RedisClient): Promise<Map<string, number>> {
  const shards = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => redis.hgetall(ledgerKey(shard))));
  const totals = new Map<string, number>();
  for (const shard of shards) {
    for (const [field, value] of Object.entries(shard)) totals.set(field, (totals.get(field) ?? 0) + Number(value));
  }
  return totals;
}

/** The ledger beside what a recount of the mailboxes found. */
export interface Audit {
  admitted: number;
  delivered: number;
  dead: number;
  cancelled: number;
  pending: number;
  /** Records in the mailboxes; the ledger closes when as many are pending. */
  records: number;
  /** Records that stand in exactly one list of their mailbox. */
  placed: number;
  /** By how many deliveries the ledger does not close, over all shards; 0 is health. */
  imbalance: number;
}

/** Recounts every shard, each in one act, so that what happens meanwhile cannot make it seem wrong. */
export async function audit(redis: RedisClient): Promise<Audit> {
  const sum: Audit = {
    admitted: 0,
    delivered: 0,
    dead: 0,
    cancelled: 0,
    pending: 0,
    records: 0,
    placed: 0,
    imbalance: 0,
  };
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => runScript(redis, AUDIT, ledgerKey(shard), [shardPrefix(shard)])),
  );
  for (const reply of shards) {
    const [admitted, delivered, dead, cancelled, pending, records, placed] = reply as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    sum.admitted += admitted;
    sum.delivered += delivered;
    sum.dead += dead;
    sum.cancelled += cancelled;
    sum.pending += pending;
    sum.records += records;
    sum.placed += placed;
    sum.imbalance +=
      Math.abs(admitted - delivered - dead - cancelled - pending) +
      Math.abs(pending - records) +
      Math.abs(records - placed);
  }
  return sum;
}

const AUDIT_KEY = 'tocsin:{audit}';

/** The last audit, kept where every process finds it. */
export async function storeAudit(redis: RedisClient, found: Audit, at: number): Promise<void> {
  await redis.set(AUDIT_KEY, JSON.stringify({ imbalance: found.imbalance, at }));
}

export async function lastAudit(redis: RedisClient): Promise<{ imbalance: number; at: number } | undefined> {
  const stored = await redis.get(AUDIT_KEY);
  return stored === null ? undefined : (JSON.parse(stored) as { imbalance: number; at: number });
}

import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { defineRound, goRound } from './round.js';

const AUDIT = defineRound('audit');
const LEDGER = defineRound('ledger');
const KEEP = defineScript('keep', [new URL('./lua/keep.lua', import.meta.url)], { whenFull: true });
/** A run of the recount ends with the shard in which it has looked at so many targets. */
const TARGETS_A_RUN = 500;

/** All shards' counters added up: deliveries by state, suppressions, latency buckets. */
export async function readLedger(redis: RedisClient): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  for (const flat of await goRound<(string | number)[]>(redis, LEDGER)) {
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const name = String(flat[i]);
      totals.set(name, (totals.get(name) ?? 0) + Number(flat[i + 1]));
    }
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

type Counted = [number, number, number, number, number, number, number];

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
  const found = await goRound<Counted[]>(redis, AUDIT, [TARGETS_A_RUN]);
  for (const [admitted, delivered, dead, cancelled, pending, records, placed] of found.flat()) {
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
  await runScript(redis, KEEP, AUDIT_KEY, [JSON.stringify({ imbalance: found.imbalance, at })]);
}

export async function lastAudit(redis: RedisClient): Promise<{ imbalance: number; at: number } | undefined> {
  const stored = await redis.get(AUDIT_KEY);
  return stored === null ? undefined : (JSON.parse(stored) as { imbalance: number; at: number });
}

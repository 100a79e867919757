import { number, type RedisClient, runScript, text } from '#libs/redis';
import { AUDIT_KEY } from '../shard/keys.js';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import type { Audit } from './audit.js';

const STORE_AUDIT = defineMailboxScript({
  name: 'store-audit',
  file: new URL('./store-audit.lua', import.meta.url),
  whenFull: true,
  args: { result: text },
  answer: number,
});

/** Stores the result of an audit for all processes. */
export async function storeAudit(redis: RedisClient, found: Audit, at: number): Promise<void> {
  await runScript(redis, STORE_AUDIT, AUDIT_KEY, { result: JSON.stringify({ imbalance: found.imbalance, at }) });
}

/** The last audit; undefined before the first one. */
export async function lastAudit(redis: RedisClient): Promise<{ imbalance: number; at: number } | undefined> {
  const stored = await redis.get(AUDIT_KEY);
  return stored === null ? undefined : (JSON.parse(stored) as { imbalance: number; at: number });
}

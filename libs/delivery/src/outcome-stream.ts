import { z } from 'zod';
import { type AlertEvent, type Attempt, DELIVERY_STATUSES, type OutcomeRecord } from '#libs/contracts';
import { outcomesKey } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** Records of one shard, oldest first, and how to forget them once they are in the log. */
export interface OutcomePage {
  records: OutcomeRecord[];
  forget(): Promise<void>;
}

const fieldsSchema = z.object({
  id: z.string(),
  revision: z.coerce.number(),
  status: z.enum(DELIVERY_STATUSES).exclude(['waiting']),
  attempts: z.coerce.number(),
  created: z.coerce.number(),
  at: z.coerce.number(),
  about: z.string(),
  event: z.string().optional(),
  attempt: z.string().optional(),
  reason: z.string().optional(),
  partial: z.string().optional(),
  next: z.coerce.number().optional(),
});

/**
 * The oldest records of a shard's outcome stream. The stream is the list of what is still to be recorded: entries
 * leave it from the front, after they were stored, so two readers do no harm.
 */
export async function readOutcomes(redis: RedisClient, shard: number, most: number): Promise<OutcomePage | undefined> {
  const key = outcomesKey(shard);
  const entries = await redis.xrange(key, '-', '+', 'COUNT', most);
  const last = entries.at(-1)?.[0];
  if (last === undefined) return undefined;
  return {
    records: entries.map(([, flat]) => toRecord(flat)),
    async forget() {
      await redis.xtrim(key, 'MINID', after(last));
    },
  };
}

/** The smallest stream id greater than this one. */
function after(id: string): string {
  const [ms, serial] = id.split('-');
  return `${ms}-${BigInt(serial ?? '0') + 1n}`;
}

function toRecord(flat: readonly string[]): OutcomeRecord {
  const pairs: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) pairs[flat[i] as string] = flat[i + 1] as string;
  const fields = fieldsSchema.parse(pairs);
  const about = JSON.parse(fields.about) as Pick<
    OutcomeRecord,
    'endpointId' | 'endpointName' | 'team' | 'channel' | 'target'
  >;
  return {
    ...about,
    deliveryId: fields.id,
    revision: fields.revision,
    status: fields.status,
    attemptCount: fields.attempts,
    createdAt: fields.created,
    recordedAt: fields.at,
    ...(fields.event === undefined ? {} : { event: JSON.parse(fields.event) as AlertEvent }),
    ...(fields.attempt === undefined ? {} : { attempt: JSON.parse(fields.attempt) as Attempt }),
    ...(fields.reason === undefined ? {} : { reason: fields.reason }),
    ...(fields.partial === undefined ? {} : { partial: JSON.parse(fields.partial) as string[] }),
    ...(fields.next === undefined ? {} : { nextAttemptAt: fields.next }),
  };
}

import { z } from 'zod';
import { type AlertEvent, type Attempt, DELIVERY_STATUSES, type OutcomeRecord } from '#libs/contracts';
import type { RedisClient } from '#libs/redis';
import { outcomesKey } from './shard/keys.js';

/** Records of one shard, oldest first, and how to forget them once they are in the log. */
export interface OutcomePage {
  records: OutcomeRecord[];
  /** Entries that are no records, by the id of their delivery where they have one. */
  broken: string[];
  forget(): Promise<void>;
}

/** A field that holds JSON. */
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const about = z.object({
  endpointId: z.string().default(''),
  endpointName: z.string().default(''),
  team: z.string().default(''),
  channel: z.string().default(''),
  target: z.string().default(''),
});

const fieldsSchema = z.object({
  id: z.string(),
  revision: z.coerce.number(),
  status: z.enum(DELIVERY_STATUSES).exclude(['waiting']),
  attempts: z.coerce.number(),
  created: z.coerce.number(),
  at: z.coerce.number(),
  about: json(about),
  event: json(z.record(z.string(), z.unknown())).optional(),
  attempt: json(z.record(z.string(), z.unknown())).optional(),
  reason: z.string().optional(),
  partial: json(z.array(z.string())).optional(),
  next: z.coerce.number().optional(),
  'target-id': z.string().optional(),
  episode: z.coerce.number().optional(),
  'fallback-of': z.string().optional(),
  digest: z.string().optional(),
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
  const records: OutcomeRecord[] = [];
  const broken: string[] = [];
  for (const [entry, flat] of entries) {
    const pairs = toPairs(flat);
    const record = toRecord(pairs);
    if (record) records.push(record);
    else broken.push(pairs.id ?? entry);
  }
  return {
    records,
    broken,
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

function toPairs(flat: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) pairs[flat[i] as string] = flat[i + 1] as string;
  return pairs;
}

/** Undefined for an entry that another version wrote in a way that this one cannot read. */
function toRecord(pairs: Record<string, string>): OutcomeRecord | undefined {
  const result = fieldsSchema.safeParse(pairs);
  if (!result.success) return undefined;
  const { about, id, revision, status, attempts, created, at, event, attempt, reason, partial, next } = result.data;
  const { 'target-id': targetId, episode, 'fallback-of': fallbackOf, digest } = result.data;
  return {
    ...about,
    deliveryId: id,
    revision,
    status,
    attemptCount: attempts,
    createdAt: created,
    recordedAt: at,
    ...(event === undefined ? {} : { event: event as unknown as AlertEvent }),
    ...(attempt === undefined ? {} : { attempt: attempt as unknown as Attempt }),
    ...(reason === undefined ? {} : { reason }),
    ...(partial === undefined ? {} : { partial }),
    ...(next === undefined ? {} : { nextAttemptAt: next }),
    ...(targetId === undefined ? {} : { targetId }),
    ...(episode === undefined ? {} : { episode }),
    ...(fallbackOf === undefined ? {} : { fallbackOf }),
    ...(digest === undefined ? {} : { digest }),
  };
}

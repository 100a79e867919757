import { z } from 'zod';
import { DELIVERY_STATUSES, LEVELS, OUTCOME_KINDS } from '#libs/contracts';
import { pageOf, pageQuery, teamQuery } from '../http/paging.js';

const time = z
  .string()
  .meta({ format: 'date-time' })
  // An unescaped + of an offset arrives as a space.
  .transform((text) => text.replace(' ', '+'))
  .pipe(z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time such as 2026-11-20T08:00:00Z' }))
  .transform((text) => new Date(text))
  .optional();
const text = (charsMax: number) => z.string().min(1).max(charsMax).optional();

/** Filters of deliveries, besides their status. */
export const filters = {
  team: teamQuery,
  channel: text(64),
  endpoint: text(64),
  policy: text(256),
  object: text(1_024),
  level: z.enum(LEVELS).optional(),
  digest: text(64).meta({ description: 'delivered in this digest, whose id is at its end' }),
  from: time.meta({ description: 'created at this time or later' }),
  to: time.meta({ description: 'created before this time' }),
};

export const inOrder = ({ from, to }: { from?: Date | undefined; to?: Date | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;
export const OUT_OF_ORDER = { path: ['from'], error: 'must not be after `to`' };

export const listQuery = z
  .strictObject({
    ...pageQuery,
    ...filters,
    status: z
      .enum(DELIVERY_STATUSES, { error: `must be one of ${DELIVERY_STATUSES.join(', ')}` })
      .optional()
      .meta({
        description: '`waiting`: accepted, not tried yet, and not in flight; needs `endpoint`. The log has the others.',
      }),
  })
  .refine(inOrder, OUT_OF_ORDER)
  .refine(({ status, endpoint }) => status !== 'waiting' || endpoint !== undefined, {
    path: ['endpoint'],
    error: 'is required with status=waiting: waiting deliveries are listed by endpoint',
  });
export type ListQuery = z.output<typeof listQuery>;

const dateTime = z.iso.datetime();
const item = z.object({
  id: z.string(),
  eventId: z.string(),
  endpointId: z.string(),
  endpointName: z.string(),
  team: z.string(),
  channel: z.string(),
  target: z.string(),
  policy: z.string(),
  object: z.string(),
  level: z.enum(LEVELS).nullable().meta({ description: 'null for a moment, until the event is in the log' }),
  title: z.string().nullable(),
  status: z.enum(DELIVERY_STATUSES),
  reason: z.string().nullable(),
  attemptCount: z.int(),
  lastError: z.string().nullable(),
  partial: z.array(z.string()).meta({ description: 'refused recipients of a message that others accepted' }),
  createdAt: dateTime,
  finishedAt: dateTime.nullable(),
  nextAttemptAt: dateTime.nullable(),
  fallbackOf: z.string().nullable().meta({ description: 'the dead delivery that this one replaces' }),
  replayOf: z.string().nullable().meta({ description: 'the delivery that this one replays' }),
  digest: z.string().nullable().meta({ description: 'the digest in which it was delivered with others' }),
});

export const deliveryPage = pageOf(item.meta({ id: 'Delivery' }));
export const deliveryAnswer = item
  .extend({
    event: z.record(z.string(), z.unknown()).nullable(),
    attempts: z.array(
      z.object({
        n: z.int(),
        startedAt: dateTime,
        durationMs: z.int(),
        outcome: z.enum(OUTCOME_KINDS),
        code: z.string().nullable().meta({ description: "the provider's own code" }),
        message: z.string().nullable(),
        excerpt: z.string().nullable().meta({ description: "beginning of the provider's answer" }),
      }),
    ),
  })
  .meta({ id: 'DeliveryDetail' });

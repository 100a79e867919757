import { z } from 'zod';
import { SUPPRESSIONS } from '#libs/admission';
import { alertEventSchema, EVENTS_MAX } from '#libs/contracts';

/** Events as JSON. */
export const eventsBody = z.union([alertEventSchema, z.array(alertEventSchema).min(1).max(EVENTS_MAX)]);

/** Events as NDJSON, one on each line. */
export const eventLinesBody = z.array(alertEventSchema).min(1).describe('NDJSON: one event on each line');

export const intakeQuery = z.strictObject({
  detail: z.enum(['true', 'false']).optional().describe('with `true`, the answer lists the result of each event'),
});
export type IntakeQuery = z.output<typeof intakeQuery>;

const fieldErrors = z.array(z.object({ path: z.string(), message: z.string() }));
const count = z.int().min(0);

export const intakeAnswer = z
  .object({
    received: count,
    queued: count.describe('counted once for each endpoint of an event'),
    suppressed: z.object(
      Object.fromEntries(SUPPRESSIONS.map((reason) => [reason, count])) as Record<
        (typeof SUPPRESSIONS)[number],
        typeof count
      >,
    ),
    unrouted: count.describe('events that no policy took'),
    duplicates: count.describe('events whose id was queued within the last hour'),
    rejected: z.array(z.object({ index: count, errors: fieldErrors })),
    moreRejected: count.optional().describe('rejected events beyond those listed'),
    results: z
      .array(
        z.object({
          index: count,
          id: z.string().nullable().describe('null for a rejected event without one'),
          result: z.enum(['taken', 'duplicate', 'unrouted', 'rejected']),
          endpoints: z.array(
            z.object({
              endpoint: z.string(),
              endpointName: z.string(),
              result: z.enum(['queued', 'duplicate', ...SUPPRESSIONS]),
              deliveryId: z.string().optional(),
            }),
          ),
        }),
      )
      .optional()
      .describe('only with detail=true, for the first 5,000 events'),
  })
  .meta({ id: 'IntakeReport' });

/** The answer to sources whose senders may leave alerts out. */
export const webhookAnswer = intakeAnswer
  .extend({
    truncatedAlerts: z.int().min(1).optional().describe('alerts that the sender left out because of its own settings'),
  })
  .meta({ id: 'WebhookReport' });

export const intakeExample = {
  received: 500,
  queued: 12,
  suppressed: { period: 479, frequency: 3, level: 2, silenced: 0, disabled: 0, recovery: 0 },
  unrouted: 1,
  duplicates: 2,
  rejected: [
    {
      index: 7,
      errors: [
        { path: 'level', message: 'is required and must be one of fatal, error, nodata, warning, info, recovered' },
      ],
    },
  ],
};

import { z } from 'zod';
import { REPLAY_SKIPS } from '#libs/operations';
import { filters, inOrder, OUT_OF_ORDER } from './delivery.schemas.js';

export const REPLAYABLE = ['dead', 'cancelled', 'delivered'] as const;
/** Statuses that are replayed by default: those of deliveries that reached nobody. */
export const REPLAYED_BY_DEFAULT = ['dead', 'cancelled'] as const;
export const CANCELLABLE = ['waiting', 'retrying'] as const;

const statusOf = <const S extends readonly [string, ...string[]]>(allowed: S, why: string, description: string) =>
  z
    .enum(allowed, {
      error: ({ input }) => {
        const found = typeof input === 'string' ? JSON.stringify(input.slice(0, 60)) : `a ${typeof input}`;
        return `must be one of ${allowed.join(', ')}, not ${found}: ${why}`;
      },
    })
    .optional()
    .meta({ description });

const FILTERS = ['status', ...Object.keys(filters)];
const hasFilter = (body: object): boolean =>
  FILTERS.some((name) => (body as Record<string, unknown>)[name] !== undefined);
const NO_FILTER = { error: `must have at least one filter: ${FILTERS.join(', ')}` };

const force = z.boolean().optional().meta({
  description:
    'also replays deliveries whose state is over: a firing whose episode has ended, a recovery of an object that fires again',
});

export const replayBody = z
  .strictObject({
    status: statusOf(
      REPLAYABLE,
      'a waiting delivery is sent without a replay',
      '`dead` and `cancelled` by default; `delivered` only if it is given',
    ),
    ...filters,
    force,
  })
  .refine(hasFilter, NO_FILTER)
  .refine(inOrder, OUT_OF_ORDER)
  .meta({
    id: 'ReplayRequest',
    minProperties: 1,
    example: { status: 'dead', endpoint: '01995f3a-7c1e-7a3b-9d0f-2b6c8e4a1f00', from: '2026-11-20T01:00:00Z' },
  });
export type ReplayBody = z.output<typeof replayBody>;

export const cancelBody = z
  .strictObject({
    status: statusOf(CANCELLABLE, 'only waiting deliveries can be cancelled', '`waiting` and `retrying` by default'),
    ...filters,
  })
  .refine(hasFilter, NO_FILTER)
  .refine(inOrder, OUT_OF_ORDER)
  .meta({ id: 'CancelRequest', minProperties: 1, example: { policy: 'cpu-high', object: 'host-42' } });
export type CancelBody = z.output<typeof cancelBody>;

export const replayOneBody = z.strictObject({ force }).optional();
export type ReplayOneBody = z.output<typeof replayOneBody>;

const flag = (description: string) => z.enum(['true', 'false']).optional().meta({ description });
const dryRun = flag('`true` only counts the deliveries, and changes nothing');

export const actQuery = z.strictObject({ dryRun });
export type ActQuery = z.output<typeof actQuery>;
export const replayOneQuery = z.strictObject({ dryRun, force: flag('as in the body') });
export type ReplayOneQuery = z.output<typeof replayOneQuery>;

const count = z.int().min(0);
const outcome = {
  skipped: count,
  dryRun: z.literal(true).optional().meta({ description: 'nothing was changed' }),
};
const reasons = <const R extends readonly string[]>(names: R) =>
  z
    .object(Object.fromEntries(names.map((name) => [name, count.optional()])))
    .meta({ description: 'skipped deliveries, by reason' });

export const replayAnswer = z
  .object({
    replayed: count,
    ...outcome,
    skippedBecause: reasons(REPLAY_SKIPS),
    id: z.string().optional().meta({ description: 'id of the new delivery, if one delivery was replayed by its id' }),
  })
  .meta({ id: 'ReplayAnswer' });
export const cancelAnswer = z
  .object({ cancelled: count, ...outcome, skippedBecause: reasons(['inFlight', 'over']) })
  .meta({ id: 'CancelAnswer' });

export const replayExample = { replayed: 212, skipped: 5, skippedBecause: { episodeEnded: 4, targetRemoved: 1 } };
export const cancelExample = { cancelled: 37, skipped: 1, skippedBecause: { inFlight: 1 } };

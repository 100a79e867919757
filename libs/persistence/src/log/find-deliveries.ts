import type { EntityManager } from 'typeorm';
import type { DeliveryCursor } from './cursor.js';
import { DeliveryEntity } from './delivery.entity.js';
import { type DeliveryFilters, matchDeliveries } from './match-deliveries.js';

/** Columns of a list: all but the event itself, which is long and shown only with a single delivery. */
const SHOWN = [
  'id',
  'revision',
  'status',
  'reason',
  'endpointId',
  'endpointName',
  'team',
  'channel',
  'target',
  'eventId',
  'policy',
  'object',
  'level',
  'title',
  'attemptCount',
  'partial',
  'createdAt',
  'recordedAt',
  'finishedAt',
  'nextAttemptAt',
  'fallbackOf',
  'replayOf',
  'digest',
].map((column) => `d.${column}`);

/** Lines that match every filter, newest first, after the position `after`. */
export async function findDeliveries(
  manager: EntityManager,
  filters: DeliveryFilters,
  limit: number,
  after?: DeliveryCursor,
): Promise<DeliveryEntity[]> {
  const query = matchDeliveries(manager.createQueryBuilder(DeliveryEntity, 'd').select(SHOWN), filters);
  if (after !== undefined)
    query.andWhere('(d.createdAt, d.id) < (:afterTime, :afterId)', { afterTime: after.createdAt, afterId: after.id });
  return query.orderBy('d.createdAt', 'DESC').addOrderBy('d.id', 'DESC').limit(limit).getMany();
}

/** Message of each delivery's latest failed attempt. */
export async function lastErrors(manager: EntityManager, deliveryIds: readonly string[]): Promise<Map<string, string>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await manager.query<{ id: string; error: string }[]>(
    `SELECT DISTINCT ON (delivery_id) delivery_id AS id, coalesce(message, code, outcome) AS error
     FROM attempts WHERE delivery_id = ANY($1) AND outcome <> 'delivered' ORDER BY delivery_id, n DESC`,
    [deliveryIds],
  );
  return new Map(rows.map(({ id, error }) => [id, error]));
}

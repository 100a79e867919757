import type { EntityManager } from 'typeorm';
import type { DeliveryStatus, Level } from '#libs/contracts';
import { DeliveryEntity } from '../entities/index.js';
import type { DeliveryCursor } from './cursor.js';

export interface DeliveryFilters {
  /** Null or absent: every team. */
  team?: string | null;
  status?: Exclude<DeliveryStatus, 'waiting'>;
  channel?: string;
  endpoint?: string;
  policy?: string;
  object?: string;
  level?: Level;
  /** Created at this time or later. */
  from?: Date;
  /** Created before this time. */
  to?: Date;
}

/** Everything but the event itself, which is long and shown with one delivery only. */
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
].map((column) => `d.${column}`);

/** Lines that pass every filter, newest first, from the one after `after` on. */
export async function findDeliveries(
  manager: EntityManager,
  filters: DeliveryFilters,
  limit: number,
  after?: DeliveryCursor,
): Promise<DeliveryEntity[]> {
  const query = manager.createQueryBuilder(DeliveryEntity, 'd').select(SHOWN);
  const { team, status, channel, endpoint, policy, object, level, from, to } = filters;
  if (typeof team === 'string') query.andWhere('d.team = :team', { team });
  if (status !== undefined) query.andWhere('d.status = :status', { status });
  if (channel !== undefined) query.andWhere('d.channel = :channel', { channel });
  if (endpoint !== undefined) query.andWhere('d.endpointId = :endpoint', { endpoint });
  if (policy !== undefined) query.andWhere('d.policy = :policy', { policy });
  // The hash is what the index knows.
  if (object !== undefined) query.andWhere('md5(d.object) = md5(:object) AND d.object = :object', { object });
  if (level !== undefined) query.andWhere('d.level = :level', { level });
  if (from !== undefined) query.andWhere('d.createdAt >= :from', { from });
  if (to !== undefined) query.andWhere('d.createdAt < :to', { to });
  if (after !== undefined)
    query.andWhere('(d.createdAt, d.id) < (:afterTime, :afterId)', { afterTime: after.createdAt, afterId: after.id });
  return query.orderBy('d.createdAt', 'DESC').addOrderBy('d.id', 'DESC').limit(limit).getMany();
}

/** The words of each delivery's latest try that was no success. */
export async function lastErrors(manager: EntityManager, deliveryIds: readonly string[]): Promise<Map<string, string>> {
  if (deliveryIds.length === 0) return new Map();
  const rows = await manager.query<{ id: string; error: string }[]>(
    `SELECT DISTINCT ON (delivery_id) delivery_id AS id, coalesce(message, code, outcome) AS error
     FROM attempts WHERE delivery_id = ANY($1) AND outcome <> 'delivered' ORDER BY delivery_id, n DESC`,
    [deliveryIds],
  );
  return new Map(rows.map(({ id, error }) => [id, error]));
}

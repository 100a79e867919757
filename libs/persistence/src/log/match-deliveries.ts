import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { DeliveryStatus, Level } from '#libs/contracts';

type LoggedStatus = Exclude<DeliveryStatus, 'waiting'>;

export interface DeliveryFilters {
  /** Team key; null or absent for every team. */
  team?: string | null;
  /** One status, or any of several. */
  status?: LoggedStatus | readonly LoggedStatus[];
  channel?: string;
  endpoint?: string;
  policy?: string;
  object?: string;
  level?: Level;
  /** Id of the digest with the deliveries. */
  digest?: string;
  /** Created at this time or later. */
  from?: Date;
  /** Created before this time. */
  to?: Date;
}

/** Limits a query of deliveries `d` to those that match every filter. */
export function matchDeliveries<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  filters: DeliveryFilters,
): SelectQueryBuilder<Row> {
  const { team, status, channel, endpoint, policy, object, level, digest, from, to } = filters;
  if (typeof team === 'string') query.andWhere('d.team = :team', { team });
  if (typeof status === 'string') query.andWhere('d.status = :status', { status });
  else if (status !== undefined) query.andWhere('d.status = ANY(:statuses)', { statuses: [...status] });
  if (channel !== undefined) query.andWhere('d.channel = :channel', { channel });
  if (endpoint !== undefined) query.andWhere('d.endpointId = :endpoint', { endpoint });
  if (policy !== undefined) query.andWhere('d.policy = :policy', { policy });
  // The index has the hash.
  if (object !== undefined) query.andWhere('md5(d.object) = md5(:object) AND d.object = :object', { object });
  if (level !== undefined) query.andWhere('d.level = :level', { level });
  if (digest !== undefined) query.andWhere('d.digest = :digest', { digest });
  if (from !== undefined) query.andWhere('d.createdAt >= :from', { from });
  if (to !== undefined) query.andWhere('d.createdAt < :to', { to });
  return query;
}

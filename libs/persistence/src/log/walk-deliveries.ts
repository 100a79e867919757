import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { DeliveryStatus, Level } from '#libs/contracts';
import type { DeliveryCursor } from './cursor.js';
import { DeliveryEntity } from './delivery.entity.js';
import { type DeliveryFilters, matchDeliveries } from './match-deliveries.js';
import { currentReason } from './reason.js';

/** Filters with an end: otherwise the replays of a walk would be found by it, and it might never end. */
export type WalkFilters = DeliveryFilters & { to: Date };

/** The data for a replay of a delivery. */
export interface ReplaySource {
  id: string;
  /** Id of the replayed delivery, or its own. */
  baseId: string;
  /** Highest number of the logged replays of `baseId`; 0 if there is none. */
  lastReplay: number;
  endpointId: string;
  /** Null if an older version recorded it. */
  targetId: string | null;
  target: string;
  team: string;
  channel: string;
  status: DeliveryStatus;
  reason: string | null;
  /** Null until the event is recorded. */
  level: Level | null;
  /** Null if an older version recorded it; 0 for none. */
  episode: number | null;
  /** JSON; null until the event is recorded. */
  event: string | null;
  fallbackOf: string | null;
  createdAt: Date;
  /** Time of the first logged delivery of its event. */
  cameAt: Date;
}

/** A page of deliveries, oldest first, and the position of the next page. */
export interface WalkPage {
  ids: string[];
  last: DeliveryCursor;
}

export interface PageBounds {
  rows: number;
  /** Most bytes of events; a page has at least one row, regardless of its event. */
  bytes: number;
}

/** SQL for the number of a replay, which follows `_r` at the end of its id. */
const REPLAY_NUMBER = (row: string) => `substr(${row}.id, length(${row}.replay_of) + 3)::int`;

/** SQL for the newest of a delivery and its replays. Only its status decides whether a replay is possible. */
const IS_NEWEST = `NOT EXISTS (
  SELECT 1 FROM deliveries r WHERE r.replay_of = coalesce(d.replay_of, d.id)
  AND (d.replay_of IS NULL OR ${REPLAY_NUMBER('r')} > ${REPLAY_NUMBER('d')}))`;

/** Counts the deliveries of a walk. */
export async function countDeliveries(manager: EntityManager, filters: DeliveryFilters): Promise<number> {
  const row = await newest(manager, filters).select('count(*)', 'count').getRawOne<{ count: string }>();
  return Number(row?.count ?? 0);
}

/** The next page of a walk; undefined at its end. */
export async function nextPage(
  manager: EntityManager,
  filters: WalkFilters,
  bounds: PageBounds,
  after?: DeliveryCursor,
): Promise<WalkPage | undefined> {
  const { status, ...others } = filters;
  const statuses = typeof status === 'object' ? [...new Set(status)] : [status];
  if (statuses.length === 0) return undefined;
  // One branch per status: an index returns the rows of one status in order, but not those of several.
  const branches = statuses.map((one, i) => {
    const branch = oldest(manager, others, bounds.rows, after);
    return one === undefined ? branch : branch.andWhere(`d.status = :status${i}`, { [`status${i}`]: one });
  });
  const rows = await manager
    .createQueryBuilder()
    .select('k.id', 'id')
    .addSelect('k.created_at', 'createdAt')
    .addSelect('k.bytes', 'bytes')
    .from(`(${branches.map((branch) => `(${branch.getQuery()})`).join(' UNION ALL ')})`, 'k')
    .setParameters(Object.assign({}, ...branches.map((branch) => branch.getParameters())))
    .orderBy('k.created_at')
    .addOrderBy('k.id')
    .limit(bounds.rows)
    .getRawMany<{ id: string; createdAt: Date; bytes: number }>();
  const held = rows.slice(0, howManyFit(rows, bounds.bytes));
  const last = held.at(-1);
  return last && { ids: held.map((row) => row.id), last: { createdAt: last.createdAt, id: last.id } };
}

/** Deliveries with the given ids that still exist, in this order. */
export async function replaySources(manager: EntityManager, ids: readonly string[]): Promise<ReplaySource[]> {
  const rows = await manager
    .createQueryBuilder(DeliveryEntity, 'd')
    .addSelect(
      `(SELECT max(${REPLAY_NUMBER('r')}) FROM deliveries r WHERE r.replay_of = coalesce(d.replay_of, d.id))`,
      'last_replay',
    )
    .addSelect(`(SELECT min(o.created_at) FROM deliveries o WHERE o.id IN (d.replay_of, d.fallback_of))`, 'came_at')
    .where('d.id = ANY(:ids)', { ids: [...ids] })
    .getRawAndEntities<Origins & { d_id: string }>();
  const origins = new Map(rows.raw.map((row) => [row.d_id, row]));
  const byId = new Map(rows.entities.map((row) => [row.id, toSource(row, origins.get(row.id))]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Fields of a delivery from other rows. */
interface Origins {
  last_replay: number | null;
  came_at: Date | null;
}

function newest(manager: EntityManager, filters: DeliveryFilters): SelectQueryBuilder<DeliveryEntity> {
  return matchDeliveries(manager.createQueryBuilder(DeliveryEntity, 'd'), filters).andWhere(IS_NEWEST);
}

function oldest(
  manager: EntityManager,
  filters: DeliveryFilters,
  rows: number,
  after: DeliveryCursor | undefined,
): SelectQueryBuilder<DeliveryEntity> {
  const query = newest(manager, filters)
    .select('d.id', 'id')
    .addSelect('d.createdAt', 'created_at')
    .addSelect('coalesce(octet_length(d.event), 0)', 'bytes');
  if (after !== undefined) {
    query.andWhere('(d.createdAt, d.id) > (:afterTime, :afterId)', { afterTime: after.createdAt, afterId: after.id });
  }
  return query.orderBy('d.createdAt').addOrderBy('d.id').limit(rows);
}

function howManyFit(rows: readonly { bytes: number }[], bytesMax: number): number {
  let bytes = 0;
  const over = rows.findIndex((row, i) => {
    bytes += row.bytes;
    return i > 0 && bytes > bytesMax;
  });
  return over === -1 ? rows.length : over;
}

function toSource(row: DeliveryEntity, origins: Origins | undefined): ReplaySource {
  const { id, endpointId, targetId, target, team, channel, status, reason, level, episode, event } = row;
  return {
    id,
    baseId: row.replayOf ?? id,
    lastReplay: origins?.last_replay ?? 0,
    endpointId,
    targetId,
    target,
    team,
    channel,
    status,
    reason: reason && currentReason(reason),
    level,
    episode,
    event,
    fallbackOf: row.fallbackOf,
    createdAt: row.createdAt,
    cameAt: origins?.came_at ?? row.createdAt,
  };
}

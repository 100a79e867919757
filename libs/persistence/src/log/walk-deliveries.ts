import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { DeliveryStatus, Level } from '#libs/contracts';
import type { DeliveryCursor } from './cursor.js';
import { DeliveryEntity } from './delivery.entity.js';
import { type DeliveryFilters, matchDeliveries } from './match-deliveries.js';
import { currentReason } from './reason.js';

/** Filters with an end: what a walk replays would otherwise come up again at its end, and it might never be over. */
export type WalkFilters = DeliveryFilters & { to: Date };

/** What a replay of a delivery is made of. */
export interface ReplaySource {
  id: string;
  /** The delivery whose replay this is, or itself. */
  baseId: string;
  /** The highest number among the replays of `baseId` that the log knows, 0 if there is none. */
  lastReplay: number;
  endpointId: string;
  /** Null where an older version recorded it. */
  targetId: string | null;
  target: string;
  team: string;
  channel: string;
  status: DeliveryStatus;
  reason: string | null;
  /** Null until the event is recorded. */
  level: Level | null;
  /** Null where an older version recorded it; 0 for none. */
  episode: number | null;
  /** JSON; null until the event is recorded. */
  event: string | null;
  fallbackOf: string | null;
  createdAt: Date;
  /** When the first delivery of its event was made, as far as the log still knows. */
  cameAt: Date;
}

/** Which deliveries a page holds, oldest first, and after which the next page begins. */
export interface WalkPage {
  ids: string[];
  last: DeliveryCursor;
}

export interface PageBounds {
  rows: number;
  /** Of events; a page holds one row at least, however long its event is. */
  bytes: number;
}

/** The number of a replay stands behind `_r` at the end of its id. */
const REPLAY_NUMBER = (row: string) => `substr(${row}.id, length(${row}.replay_of) + 3)::int`;

/** Of a delivery and its replays only the newest counts: it alone tells whether there is anything left to replay. */
const IS_NEWEST = `NOT EXISTS (
  SELECT 1 FROM deliveries r WHERE r.replay_of = coalesce(d.replay_of, d.id)
  AND (d.replay_of IS NULL OR ${REPLAY_NUMBER('r')} > ${REPLAY_NUMBER('d')}))`;

/** How many deliveries a walk comes by. */
export async function countDeliveries(manager: EntityManager, filters: DeliveryFilters): Promise<number> {
  const row = await newest(manager, filters).select('count(*)', 'count').getRawOne<{ count: string }>();
  return Number(row?.count ?? 0);
}

/** Undefined where nothing is left. */
export async function nextPage(
  manager: EntityManager,
  filters: WalkFilters,
  bounds: PageBounds,
  after?: DeliveryCursor,
): Promise<WalkPage | undefined> {
  const { status, ...others } = filters;
  const statuses = typeof status === 'object' ? [...new Set(status)] : [status];
  if (statuses.length === 0) return undefined;
  // A branch for each status: an index gives the rows of one in order, but not those of several.
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

/** What is left of some deliveries, in the order of their ids here. */
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

/** What other rows say of one. */
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

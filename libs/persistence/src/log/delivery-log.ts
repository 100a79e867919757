import type { AlertEvent, Attempt, DeliveryStatus, Level, OutcomeRecord } from '#libs/contracts';
import type { Database, Log } from '../database/database.js';
import { isContention, isDataError } from '../database/database-errors.js';
import type { DeliveryCursor } from './cursor.js';
import { AttemptEntity, DeliveryEntity } from './delivery.entity.js';
import { findDeliveries, lastErrors } from './find-deliveries.js';
import { type FoldedDelivery, foldRecords, isStorable } from './fold-records.js';
import type { DeliveryFilters } from './match-deliveries.js';
import { currentReason } from './reason.js';
import {
  countDeliveries,
  nextPage,
  type PageBounds,
  type ReplaySource,
  replaySources,
  type WalkFilters,
} from './walk-deliveries.js';
import { writeDeliveries } from './write-deliveries.js';

/** A line of the delivery log. Until the event is recorded, `level` is null and its other fields are empty. */
export interface DeliveryItem {
  id: string;
  eventId: string;
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
  policy: string;
  object: string;
  level: Level | null;
  title: string | null;
  status: DeliveryStatus;
  reason: string | null;
  attemptCount: number;
  lastError: string | null;
  partial: string[];
  createdAt: Date;
  finishedAt: Date | null;
  nextAttemptAt: Date | null;
  /** Id of the delivery that it replaces at a fallback endpoint. */
  fallbackOf: string | null;
  /** Id of the delivery that it replays, which is never a replay itself. */
  replayOf: string | null;
  /** Id of the digest in which it was delivered. */
  digest: string | null;
}

export interface DeliveryDetail extends DeliveryItem {
  event: AlertEvent | null;
  attempts: Attempt[];
}

const WRITE_TRIES = 4;
/** Most bytes of events in a page of a walk, besides the other fields of each row. */
const WALK_PAGE: PageBounds = { rows: 500, bytes: 4 * 1024 * 1024 };
const PRUNE_ROWS = 5_000;

/** The delivery log in SQL: written by the recorder, searched by people. */
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /**
   * Stores a batch in one act. The same records may be stored any number of times, in any order and split. Returns
   * the records that can never be stored; all others are.
   * @throws DatabaseAway when nothing is known to be stored, and the batch has to be stored again
   */
  async record(batch: readonly OutcomeRecord[]): Promise<OutcomeRecord[]> {
    const refused = batch.filter((record) => !isStorable(record));
    const folded = foldRecords(refused.length === 0 ? batch : batch.filter(isStorable));
    if (folded.length > 0) refused.push(...(await this.writeAllOrEach(folded)));
    return refused;
  }

  async find(filters: DeliveryFilters, limit: number, after?: DeliveryCursor): Promise<DeliveryItem[]> {
    return this.database.run(async (manager) => {
      const rows = await findDeliveries(manager, filters, limit, after);
      const errors = await lastErrors(
        manager,
        rows.map((row) => row.id),
      );
      return rows.map((row) => toItem(row, errors.get(row.id)));
    });
  }

  async get(id: string, team: string | null = null): Promise<DeliveryDetail | undefined> {
    return this.database.run(async (manager) => {
      const row = await manager.findOneBy(DeliveryEntity, team === null ? { id } : { id, team });
      if (!row) return undefined;
      const attempts = await manager.find(AttemptEntity, { where: { deliveryId: id }, order: { n: 'ASC' } });
      const failed = attempts.findLast((attempt) => attempt.outcome !== 'delivered');
      return {
        ...toItem(row, failed && (failed.message ?? failed.code ?? failed.outcome)),
        event: row.event === null ? null : (JSON.parse(row.event) as AlertEvent),
        attempts: attempts.map(toAttempt),
      };
    });
  }

  /** Counts the deliveries that match the filters; of one and its replays only the newest counts, as in `walk`. */
  async count(filters: DeliveryFilters): Promise<number> {
    return this.database.run((manager) => countDeliveries(manager, filters));
  }

  /**
   * Deliveries that match the filters, oldest first, page by page; of one and its replays only the newest counts. Nothing
   * is locked between pages, and new deliveries do not extend the walk. @throws DatabaseAway
   */
  async *walk(filters: WalkFilters, bounds: PageBounds = WALK_PAGE): AsyncGenerator<ReplaySource[], void, undefined> {
    let after: DeliveryCursor | undefined;
    for (;;) {
      const [page, sources] = await this.database.run(async (manager) => {
        const next = await nextPage(manager, filters, bounds, after);
        return [next, next ? await replaySources(manager, next.ids) : []] as const;
      });
      if (!page) return;
      yield sources;
      after = page.last;
    }
  }

  /** The data for a replay of one delivery, even if it has newer replays. */
  async replaySource(id: string, team: string | null = null): Promise<ReplaySource | undefined> {
    const [source] = await this.database.run((manager) => replaySources(manager, [id]));
    return source && (team === null || source.team === team) ? source : undefined;
  }

  /** Deletes lines created and last changed before a time, a bounded number at once; returns their number. */
  async prune(olderThan: Date, signal?: AbortSignal): Promise<number> {
    let pruned = 0;
    for (;;) {
      const ids = await this.database.transaction((manager) =>
        manager.query<{ id: string }[]>(
          `WITH old AS (
             DELETE FROM deliveries WHERE id IN (
               SELECT id FROM deliveries WHERE created_at < $1 AND recorded_at < $1 ORDER BY created_at LIMIT $2
               FOR UPDATE SKIP LOCKED)
             RETURNING id),
           tries AS (DELETE FROM attempts USING old WHERE attempts.delivery_id = old.id)
           SELECT id FROM old`,
          [olderThan, PRUNE_ROWS],
        ),
      );
      pruned += ids.length;
      if (ids.length < PRUNE_ROWS || signal?.aborted) return pruned;
    }
  }

  private async writeAllOrEach(folded: readonly FoldedDelivery[]): Promise<OutcomeRecord[]> {
    try {
      await this.write(folded);
      return [];
    } catch (error) {
      if (!isDataError(error)) throw error;
      if (folded.length === 1) {
        this.log.error({ err: error, deliveryId: folded[0]?.newest.deliveryId }, 'a delivery cannot be recorded');
        return folded.flatMap(({ records }) => records);
      }
    }
    // In halves, so that one bad row among thousands costs a dozen statements.
    const middle = Math.ceil(folded.length / 2);
    return [
      ...(await this.writeAllOrEach(folded.slice(0, middle))),
      ...(await this.writeAllOrEach(folded.slice(middle))),
    ];
  }

  private async write(folded: readonly FoldedDelivery[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.database.transaction((manager) => writeDeliveries(manager, folded));
      } catch (error) {
        if (tries >= WRITE_TRIES || !isContention(error)) throw error;
      }
    }
  }
}

function toItem(row: DeliveryEntity, lastError: string | undefined): DeliveryItem {
  return {
    id: row.id,
    eventId: row.eventId ?? '',
    endpointId: row.endpointId,
    endpointName: row.endpointName,
    team: row.team,
    channel: row.channel,
    target: row.target,
    policy: row.policy ?? '',
    object: row.object ?? '',
    level: row.level,
    title: row.title,
    status: row.status,
    reason: row.reason && currentReason(row.reason),
    attemptCount: row.attemptCount,
    lastError: lastError ?? null,
    partial: row.partial === null ? [] : (JSON.parse(row.partial) as string[]),
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
    nextAttemptAt: row.nextAttemptAt,
    fallbackOf: row.fallbackOf,
    replayOf: row.replayOf,
    digest: row.digest,
  };
}

function toAttempt(row: AttemptEntity): Attempt {
  return {
    n: row.n,
    startedAt: row.startedAt.getTime(),
    durationMs: row.durationMs,
    outcome: row.outcome,
    ...(row.code !== null && { code: row.code }),
    ...(row.message !== null && { message: row.message }),
    ...(row.excerpt !== null && { excerpt: row.excerpt }),
  };
}

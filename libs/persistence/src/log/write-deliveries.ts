import type { EntityManager } from 'typeorm';
import { replayOf } from '#libs/contracts';
import { toStorable } from '#libs/validation';
import type { FoldedDelivery } from './fold-records.js';
import { currentReason } from './reason.js';

/** Columns of a statement: the function that reads a value, and the type of its array. */
type Columns<Row> = readonly (readonly [name: string, type: string, read: (row: Row) => unknown])[];

const text = (value: string | undefined): string | null => (value === undefined ? null : toStorable(value));

function baseOf(deliveryId: string): string | null {
  const { baseId, replay } = replayOf(deliveryId);
  return replay === 0 ? null : baseId;
}

const DELIVERY_COLUMNS: Columns<FoldedDelivery> = [
  ['id', 'text', ({ newest }) => newest.deliveryId],
  ['revision', 'integer', ({ newest }) => newest.revision],
  ['status', 'text', ({ newest }) => newest.status],
  ['reason', 'text', ({ newest }) => (newest.reason === undefined ? null : toStorable(currentReason(newest.reason)))],
  ['endpoint_id', 'text', ({ newest }) => text(newest.endpointId)],
  ['endpoint_name', 'text', ({ newest }) => text(newest.endpointName)],
  ['team', 'text', ({ newest }) => text(newest.team)],
  ['channel', 'text', ({ newest }) => text(newest.channel)],
  ['target', 'text', ({ newest }) => text(newest.target)],
  ['event_id', 'text', ({ event }) => text(event?.id)],
  ['policy', 'text', ({ event }) => text(event?.policy)],
  ['object', 'text', ({ event }) => text(event?.object)],
  ['level', 'text', ({ event }) => text(event?.level)],
  ['title', 'text', ({ event }) => text(event?.title)],
  // JSON escapes the characters that cannot be stored, so the text preserves the event.
  ['event', 'text', ({ event }) => (event ? JSON.stringify(event) : null)],
  ['attempt_count', 'integer', ({ newest }) => newest.attemptCount],
  ['partial', 'text', ({ newest }) => (newest.partial?.length ? JSON.stringify(newest.partial) : null)],
  ['created_at', 'time', ({ newest }) => newest.createdAt],
  ['recorded_at', 'time', ({ newest }) => newest.recordedAt],
  ['finished_at', 'time', ({ newest }) => (newest.status === 'retrying' ? null : newest.recordedAt)],
  ['next_attempt_at', 'time', ({ newest }) => newest.nextAttemptAt ?? null],
  ['target_id', 'text', ({ targetId }) => text(targetId)],
  ['episode', 'bigint', ({ episode }) => episode ?? null],
  ['fallback_of', 'text', ({ fallbackOf }) => text(fallbackOf)],
  ['replay_of', 'text', ({ newest }) => baseOf(newest.deliveryId)],
  ['digest', 'text', ({ newest }) => text(newest.digest)],
];

/** Columns from the event, which is in a delivery's first record. */
const FROM_EVENT = ['event_id', 'policy', 'object', 'level', 'title', 'event'];
/** Constant columns that may be in any record. */
const FROM_ANY = ['target_id', 'episode', 'fallback_of'];
const FROM_NEWEST = [
  'status',
  'reason',
  'endpoint_name',
  'attempt_count',
  'partial',
  'recorded_at',
  'finished_at',
  'next_attempt_at',
  'digest',
];

type AttemptRow = FoldedDelivery['attempts'][number] & { deliveryId: string };

const ATTEMPT_COLUMNS: Columns<AttemptRow> = [
  ['delivery_id', 'text', (row) => row.deliveryId],
  ['n', 'integer', (row) => row.n],
  ['started_at', 'time', (row) => row.startedAt],
  ['duration_ms', 'integer', (row) => Math.min(Math.max(Math.round(row.durationMs), 0), 2_147_483_647)],
  ['outcome', 'text', (row) => row.outcome],
  ['code', 'text', (row) => text(row.code)],
  ['message', 'text', (row) => text(row.message)],
  ['excerpt', 'text', (row) => text(row.excerpt)],
];

const UPSERT_DELIVERIES = `${insertFrom('deliveries', DELIVERY_COLUMNS)}
  ON CONFLICT (id) DO UPDATE SET
    revision = greatest(d.revision, excluded.revision),
    ${FROM_NEWEST.map((name) => `${name} = CASE WHEN excluded.revision > d.revision THEN excluded.${name} ELSE d.${name} END`).join(',\n    ')},
    ${[...FROM_EVENT, ...FROM_ANY].map((name) => `${name} = coalesce(d.${name}, excluded.${name})`).join(',\n    ')}
  WHERE excluded.revision > d.revision
    OR ${['event', ...FROM_ANY].map((name) => `(d.${name} IS NULL AND excluded.${name} IS NOT NULL)`).join(' OR ')}`;

const INSERT_ATTEMPTS = `${insertFrom('attempts', ATTEMPT_COLUMNS)} ON CONFLICT (delivery_id, n) DO NOTHING`;

/** Most rows of a statement; above, the text of its arrays costs more than another round trip. */
const ROWS_PER_STATEMENT = 1_000;

/** Writes folded deliveries and their attempts. Writing them again, or older ones after newer ones, changes nothing. */
export async function writeDeliveries(manager: EntityManager, deliveries: readonly FoldedDelivery[]): Promise<void> {
  await writeRows(manager, UPSERT_DELIVERIES, DELIVERY_COLUMNS, deliveries);
  const attempts = deliveries.flatMap(({ newest, attempts: tries }) =>
    tries.toSorted((a, b) => a.n - b.n).map((attempt) => ({ ...attempt, deliveryId: newest.deliveryId })),
  );
  await writeRows(manager, INSERT_ATTEMPTS, ATTEMPT_COLUMNS, attempts);
}

async function writeRows<Row>(
  manager: EntityManager,
  statement: string,
  columns: Columns<Row>,
  rows: readonly Row[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const some = rows.slice(from, from + ROWS_PER_STATEMENT);
    await manager.query(
      statement,
      columns.map(([, , read]) => some.map(read)),
    );
  }
}

/** One array per column, so that the statement's text is the same for any number of rows. */
function insertFrom<Row>(table: string, columns: Columns<Row>): string {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], i) => `$${i + 1}::${type === 'time' ? 'float8' : type}[]`).join(', ');
  const values = columns
    .map(([name, type]) => (type === 'time' ? `to_timestamp(r.${name} / 1000)` : `r.${name}`))
    .join(', ');
  return `INSERT INTO ${table} AS d (${names}) SELECT ${values} FROM unnest(${arrays}) AS r (${names})`;
}

import { type AlertEvent, type Attempt, DELIVERY_STATUSES, OUTCOME_KINDS, type OutcomeRecord } from '#libs/contracts';

/** Fields that are equal in all records of a delivery, and may be in any of them. */
type Constants = Pick<OutcomeRecord, 'event' | 'targetId' | 'episode' | 'fallbackOf'>;

/** One delivery as a batch describes it: its newest state, its constant fields if present, and its attempts. */
export interface FoldedDelivery extends Constants {
  newest: OutcomeRecord;
  attempts: Attempt[];
  /** Records that were folded. */
  records: OutcomeRecord[];
}

const INT4_MAX = 2_147_483_647;
const EPOCH_MS_MAX = 253_402_300_799_999;

/** One entry per delivery, sorted by id: writers that lock rows in the same order cannot deadlock. */
export function foldRecords(records: readonly OutcomeRecord[]): FoldedDelivery[] {
  const byId = new Map<string, FoldedDelivery>();
  for (const record of records) {
    const known = byId.get(record.deliveryId);
    if (known) add(known, record);
    else byId.set(record.deliveryId, start(record));
  }
  return [...byId.values()].sort((a, b) => (a.newest.deliveryId < b.newest.deliveryId ? -1 : 1));
}

function start(record: OutcomeRecord): FoldedDelivery {
  const { event, targetId, episode, fallbackOf, attempt } = record;
  return {
    newest: record,
    event,
    targetId,
    episode,
    fallbackOf,
    attempts: attempt ? [attempt] : [],
    records: [record],
  };
}

function add(folded: FoldedDelivery, record: OutcomeRecord): void {
  if (record.revision > folded.newest.revision) folded.newest = record;
  folded.event ??= record.event;
  folded.targetId ??= record.targetId;
  folded.episode ??= record.episode;
  folded.fallbackOf ??= record.fallbackOf;
  if (record.attempt && !folded.attempts.some((attempt) => attempt.n === record.attempt?.n))
    folded.attempts.push(record.attempt);
  folded.records.push(record);
}

/** Whether a record has the shape that the columns need. A record from the stream that does not fit never will. */
export function isStorable(record: OutcomeRecord): boolean {
  return (
    typeof record === 'object' &&
    record !== null &&
    isId(record.deliveryId) &&
    isCount(record.revision) &&
    isCount(record.attemptCount) &&
    DELIVERY_STATUSES.includes(record.status) &&
    [record.endpointId, record.endpointName, record.team, record.channel, record.target].every(
      (text) => typeof text === 'string',
    ) &&
    isTime(record.createdAt) &&
    isTime(record.recordedAt) &&
    (record.nextAttemptAt === undefined || isTime(record.nextAttemptAt)) &&
    (record.event === undefined || isEvent(record.event)) &&
    (record.attempt === undefined || isAttempt(record.attempt)) &&
    (record.targetId === undefined || typeof record.targetId === 'string') &&
    (record.episode === undefined || isSerial(record.episode)) &&
    (record.fallbackOf === undefined || isId(record.fallbackOf)) &&
    (record.digest === undefined || isId(record.digest))
  );
}

function isEvent(event: AlertEvent | null): boolean {
  return (
    event !== null && [event.id, event.policy, event.object, event.level].every((text) => typeof text === 'string')
  );
}

function isAttempt(attempt: Attempt | null): boolean {
  return (
    attempt !== null &&
    isCount(attempt.n) &&
    isTime(attempt.startedAt) &&
    Number.isFinite(attempt.durationMs) &&
    OUTCOME_KINDS.includes(attempt.outcome)
  );
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= INT4_MAX;
}

function isSerial(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0 && (value as number) <= EPOCH_MS_MAX;
}

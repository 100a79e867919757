import { type EventResult, SUPPRESSIONS, type Suppression } from '#libs/admission';
import type { FieldError } from '#libs/validation';

export interface Rejection {
  index: number;
  errors: FieldError[];
}

/** The result of one request with events. */
export interface IntakeReport {
  received: number;
  queued: number;
  suppressed: Record<Suppression, number>;
  unrouted: number;
  duplicates: number;
  rejected: Rejection[];
  /** Rejected events beyond those listed; absent if all are listed. */
  moreRejected?: number;
  results?: (Omit<EventResult, 'id' | 'result'> & {
    index: number;
    /** Null for a rejected event without a usable id. */
    id: string | null;
    result: EventResult['result'] | 'rejected';
  })[];
}

/** Entries in each list of a report: a stream may hold any number of events, its report may not. */
const LISTED_MAX = 5_000;

/** Adds up the results of events, which arrive in portions. */
export class IntakeTally {
  readonly report: IntakeReport = {
    received: 0,
    queued: 0,
    suppressed: Object.fromEntries(SUPPRESSIONS.map((reason) => [reason, 0])) as Record<Suppression, number>,
    unrouted: 0,
    duplicates: 0,
    rejected: [],
  };
  accepted = 0;
  onlyTooLarge = true;

  constructor(detail: boolean) {
    if (detail) this.report.results = [];
  }

  /** @returns the event's index */
  receive(): number {
    return this.report.received++;
  }

  reject(
    index: number,
    { errors, tooLarge, id }: { errors: FieldError[]; tooLarge: boolean; id?: string | undefined },
  ): void {
    this.onlyTooLarge &&= tooLarge;
    if (this.report.rejected.length < LISTED_MAX) this.report.rejected.push({ index, errors });
    else this.report.moreRejected = (this.report.moreRejected ?? 0) + 1;
    this.list({ index, id: id ?? null, result: 'rejected', endpoints: [] });
  }

  accept(index: number, result: EventResult): void {
    this.accepted += 1;
    if (result.result === 'unrouted') this.report.unrouted += 1;
    if (result.result === 'duplicate') this.report.duplicates += 1;
    for (const endpoint of result.endpoints) {
      if (endpoint.result === 'queued') this.report.queued += 1;
      else if (endpoint.result !== 'duplicate' && result.result === 'taken')
        this.report.suppressed[endpoint.result] += 1;
    }
    this.list({ index, ...result });
  }

  private list(result: NonNullable<IntakeReport['results']>[number]): void {
    if (this.report.results && this.report.results.length < LISTED_MAX) this.report.results.push(result);
  }
}

import type { AlertEvent } from '#libs/contracts';
import { type Firing, type LeaseBook, type LeaseClock, leaseId, type Source, type SourceList } from '#libs/leases';
import type { ParsedAlert } from '../ingest/parsed-alert.js';

/** The leases of all sources, and the clock that they run by. */
export interface LeaseParts {
  book: LeaseBook;
  clock: LeaseClock;
  sources: SourceList;
}

/**
 * Keeps the leases of alerts that say until when they fire. A lease is kept before its event is taken in, and ended after:
 * if the process dies in between, at worst something recovers that had not been told of.
 */
export class AlertLeases {
  constructor(
    private readonly parts: LeaseParts,
    private readonly now: () => number,
  ) {}

  async keep(source: Source, alerts: readonly ParsedAlert[]): Promise<void> {
    const firing = firingOf(alerts);
    if (firing.length > 0) await this.say(source, firing, []);
  }

  /** The last word of a request counts. */
  async end(source: Source, alerts: readonly ParsedAlert[]): Promise<void> {
    const ended = new Map<string, AlertEvent>();
    for (const { event, untilMs } of leasedOf(alerts)) {
      if (untilMs === undefined) ended.set(leaseId(event), event);
      else if (ended.size > 0) ended.delete(leaseId(event));
    }
    if (ended.size > 0) await this.say(source, [], [...ended.values()]);
  }

  private async say(source: Source, firing: readonly Firing[], ended: readonly AlertEvent[]): Promise<void> {
    const { book, clock, sources } = this.parts;
    await book.keep(source, { firing, ended }, this.now(), await clock.read());
    // Only now: the keeper could take a source without leases off the list again.
    if (firing.length > 0) await sources.add(source);
  }
}

/** Good alerts that begin, prolong or end a lease. */
function leasedOf(alerts: readonly ParsedAlert[]): { event: AlertEvent; untilMs: number | undefined }[] {
  return alerts.flatMap((alert) => {
    if (!alert.ok) return [];
    const { event } = alert.incoming;
    return event.level === 'recovered' || alert.firingUntilMs !== undefined
      ? [{ event, untilMs: alert.firingUntilMs }]
      : [];
  });
}

const firingOf = (alerts: readonly ParsedAlert[]): Firing[] =>
  leasedOf(alerts).flatMap(({ event, untilMs }) => (untilMs === undefined ? [] : [{ event, untilMs }]));

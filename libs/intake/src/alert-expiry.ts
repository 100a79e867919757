import {
  alertId,
  type ExpiryBook,
  type ExpiryClock,
  type FiringAlert,
  type Reporter,
  type ReporterList,
} from '#libs/alerts';
import type { AlertEvent } from '#libs/contracts';
import type { ParsedEvent } from './parse-event.js';

/** Storage of alert expiry in Redis, and the clock that it follows. */
export interface ExpiryStore {
  book: ExpiryBook;
  clock: ExpiryClock;
  reporters: ReporterList;
}

/** An alert of a source; `firingUntilMs` says until when it fires unless it is repeated, in epoch milliseconds. */
export type ParsedAlert = ParsedEvent & { firingUntilMs?: number };

/**
 * Records the expiry of alerts. An expiry is recorded before its event is taken in and ended after: a process that dies
 * in between leaves at worst the expiry of an alert that was never pushed, whose recovery is suppressed.
 */
export class AlertExpiry {
  constructor(
    private readonly store: ExpiryStore,
    private readonly now: () => number,
  ) {}

  /** Records until when alerts fire. */
  async record(reporter: Reporter, firing: readonly FiringAlert[]): Promise<void> {
    await this.write(reporter, firing, []);
    // Only now: the expiry duty could remove a reporter without alerts again.
    await this.store.reporters.add(reporter);
  }

  /** Ends the expiry of alerts that have recovered. */
  async end(reporter: Reporter, ended: readonly AlertEvent[]): Promise<void> {
    await this.write(reporter, [], ended);
  }

  private async write(reporter: Reporter, firing: readonly FiringAlert[], ended: readonly AlertEvent[]): Promise<void> {
    const { book, clock } = this.store;
    await book.record(reporter, { firing, ended }, this.now(), await clock.read());
  }
}

/** The valid alerts that fire until a time. */
export const firingAlerts = (alerts: readonly ParsedAlert[]): FiringAlert[] =>
  alerts.flatMap((alert) =>
    alert.ok && alert.firingUntilMs !== undefined && alert.incoming.event.level !== 'recovered'
      ? [{ event: alert.incoming.event, untilMs: alert.firingUntilMs }]
      : [],
  );

/** The recoveries whose alert does not fire again later in the request: its last statement about an alert counts. */
export function endedAlerts(alerts: readonly ParsedAlert[]): AlertEvent[] {
  const ended = new Map<string, AlertEvent>();
  for (const alert of alerts) {
    if (!alert.ok) continue;
    const { event } = alert.incoming;
    if (event.level === 'recovered') ended.set(alertId(event), event);
    else if (alert.firingUntilMs !== undefined && ended.size > 0) ended.delete(alertId(event));
  }
  return [...ended.values()];
}

import type { AlertEvent, Language } from '#libs/contracts';
import type { ExpiryBook, Finding } from './expiry-book.js';
import type { ClockReading } from './expiry-clock.js';
import { recoveryOf } from './expiry-events.js';
import { outageEvent, outageOverEvent } from './outage.js';
import type { Reporter } from './reporter.js';

export interface ExpireDeps {
  book: ExpiryBook;
  /** Takes events in as though the key had posted them. Events that are refused are offered again at the next check. */
  take(events: readonly AlertEvent[], reporter: Reporter): Promise<void>;
  lang: Language;
  now(): Date;
  onOutage(reporter: Reporter, outage: { held: number; of: number }): void;
  onOutageOver(reporter: Reporter): void;
}

/** When to check next, on the expiry clock; undefined if the reporter has no alerts left. */
export type NextCheck = number | undefined;

/**
 * Takes in the events that are due for a reporter: recoveries of expired alerts, an outage, its end. An event is taken in
 * before that is confirmed, under an id that never changes: a crash in between neither loses nor doubles it.
 */
export async function expireAlerts(reporter: Reporter, clock: ClockReading, deps: ExpireDeps): Promise<NextCheck> {
  for (;;) {
    const finding = await deps.book.check(reporter, clock);
    if (finding.kind === 'wait') return finding.until;
    if (finding.kind === 'empty') return undefined;
    const events = eventsOf(finding, reporter, clock, deps);
    if (events.length > 0) await deps.take(events, reporter);
    await deps.book.confirm(reporter, finding, clock);
    if (finding.kind === 'outage') deps.onOutage(reporter, finding);
    if (finding.kind === 'outage over') deps.onOutageOver(reporter);
  }
}

function eventsOf(
  finding: Finding,
  reporter: Reporter,
  { shows }: ClockReading,
  { lang, now }: ExpireDeps,
): AlertEvent[] {
  const at = now();
  switch (finding.kind) {
    case 'outage over':
      return [outageOverEvent(reporter, finding.outage, at, lang)];
    case 'outage':
      return [outageEvent(reporter, finding, at, lang)];
    case 'expired':
      return finding.alerts.map((expired) =>
        recoveryOf(reporter, expired, new Date(at.getTime() - Math.max(0, shows - expired.expiredAt)), lang),
      );
    default:
      return [];
  }
}

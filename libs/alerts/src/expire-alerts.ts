import type { AlertEvent, Language } from '#libs/contracts';
import type { Source } from './lease.js';
import type { Finding, LeaseBook } from './lease-book.js';
import type { ClockReading } from './lease-clock.js';
import { recoveryOf, silenceEvent, speaksEvent } from './lease-events.js';

export interface RunOutParts {
  book: LeaseBook;
  /** Takes events in as though the key had posted them. What cannot be taken now is asked for again at the next look. */
  take(events: readonly AlertEvent[], source: Source): Promise<void>;
  lang: Language;
  now(): Date;
  onSilent(source: Source, found: { leases: number; of: number }): void;
  onSpeaksAgain(source: Source): void;
}

/** When to look next, on the lease clock; undefined where the source has no leases any more. */
export type NextLook = number | undefined;

/**
 * Does what has become necessary about the leases of a source. An event is taken in before it is noted that it was, and
 * has the same id whenever it is told of: a crash in between neither loses nor doubles it.
 */
export async function runOut(source: Source, clock: ClockReading, parts: RunOutParts): Promise<NextLook> {
  for (;;) {
    const finding = await parts.book.look(source, clock);
    if (finding.kind === 'wait') return finding.until;
    if (finding.kind === 'empty') return undefined;
    const events = eventsOf(finding, source, clock, parts);
    if (events.length > 0) await parts.take(events, source);
    await parts.book.done(source, finding, clock);
    if (finding.kind === 'silent') parts.onSilent(source, finding);
    if (finding.kind === 'over') parts.onSpeaksAgain(source);
  }
}

function eventsOf(finding: Finding, source: Source, { shows }: ClockReading, { lang, now }: RunOutParts): AlertEvent[] {
  const at = now();
  switch (finding.kind) {
    case 'over':
      return [speaksEvent(source, finding.silence, at, lang)];
    case 'silent':
      return [silenceEvent(source, finding, at, lang)];
    case 'due':
      return finding.leases.map((lease) =>
        recoveryOf(source, lease, new Date(at.getTime() - Math.max(0, shows - lease.endedAt)), lang),
      );
    default:
      return [];
  }
}

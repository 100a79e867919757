import { type ClockReading, expireAlerts, type Reporter, reporterTag } from '#libs/alerts';
import type { AlertEvent, Language } from '#libs/contracts';
import { type LeaderLock, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import type { ExpiryStore } from './alert-expiry.js';
import { createDuty, type Duty } from './duty.js';

const BEAT_EVERY_MS = 1_000;
const CHECK_EVERY_MS = 1_000;
/** Longest time until new alerts and new reporters are checked: less than the grace of an alert. */
const LIST_EVERY_MS = 10_000;
const AFTER_FAILURE_MS = 5_000;

export interface ExpiryDutyDeps {
  store: ExpiryStore;
  /** Checking for expired alerts is for one process at a time. */
  lock: LeaderLock;
  /** Whether events can be taken in right now. */
  isOpen(): boolean;
  take(events: readonly AlertEvent[], reporter: Reporter): Promise<void>;
  lang: Language;
  now(): Date;
  log: Logger;
}

/** Beats the expiry clock while this process can take events in, and expires alerts that were not repeated. */
export function createExpiryDuty(deps: ExpiryDutyDeps): Duty {
  const { store, lock, isOpen, log } = deps;
  const checker = new ExpiryChecker(deps);
  async function beat(): Promise<boolean> {
    if (isOpen()) await store.clock.beat();
    return false;
  }
  async function check(): Promise<boolean> {
    if (isOpen() && (await lock.acquire())) await checker.check();
    return false;
  }
  return createDuty(lock, () => [
    repeat(
      beat,
      () => BEAT_EVERY_MS,
      (error) => log.debug({ err: error }, 'the expiry clock stands still'),
    ),
    repeat(
      check,
      () => CHECK_EVERY_MS,
      (error) => log.debug({ err: error }, 'the expiry of alerts cannot be checked'),
    ),
  ]);
}

/** Checks each reporter when something can be due for it. */
class ExpiryChecker {
  private reporters: readonly Reporter[] = [];
  private listedAt = Number.NEGATIVE_INFINITY;
  /** When to check a reporter next, on the expiry clock. */
  private readonly next = new Map<string, number>();

  constructor(private readonly deps: ExpiryDutyDeps) {}

  async check(): Promise<void> {
    const { store } = this.deps;
    const clock = await store.clock.read();
    if (Math.abs(clock.shows - this.listedAt) >= LIST_EVERY_MS) {
      this.reporters = await store.reporters.all();
      this.listedAt = clock.shows;
    }
    for (const reporter of this.reporters) await this.checkReporter(reporter, clock);
  }

  private async checkReporter(reporter: Reporter, clock: ClockReading): Promise<void> {
    const { store, take, lang, now, log } = this.deps;
    const tag = reporterTag(reporter);
    if ((this.next.get(tag) ?? 0) > clock.shows) return;
    const about = { key: reporter.key, team: reporter.team };
    try {
      const until = await expireAlerts(reporter, clock, {
        book: store.book,
        take,
        lang,
        now,
        onOutage: (_, { held, of }) =>
          log.warn({ ...about, held, of }, 'a source has stopped reporting: its alerts are held'),
        onOutageOver: () => log.info(about, 'a source reports again: the expiry of its alerts goes on'),
      });
      if (until === undefined) await this.remove(reporter);
      this.next.set(tag, Math.min(until ?? Number.POSITIVE_INFINITY, clock.shows + LIST_EVERY_MS));
    } catch (error) {
      log.warn({ ...about, err: error }, 'recoveries of expired alerts could not be taken in; they are tried again');
      this.next.set(tag, clock.shows + AFTER_FAILURE_MS);
    }
  }

  private async remove(reporter: Reporter): Promise<void> {
    const { book, reporters } = this.deps.store;
    await reporters.remove(reporter);
    if ((await book.count(reporter)).alerts > 0) await reporters.add(reporter);
  }
}

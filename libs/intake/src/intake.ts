import { setImmediate } from 'node:timers/promises';
import { type Admitter, EndpointUnusable, type IncomingEvent } from '#libs/admission';
import type { Settings, SettingsSource } from '#libs/contracts';
import { isRedisAway, MARKS, type RedisClient, type RedisWatch } from '#libs/redis';
import { IntakeRefused, NothingAccepted, type RefusalReason, SenderGone } from './intake-errors.js';
import { type IntakeReport, IntakeTally } from './intake-report.js';
import type { ParsedEvent } from './parse-event.js';
import type { Quota } from './quota.js';
import { recordUnrouted } from './unrouted.js';

export interface IntakeDeps {
  admitter: Admitter;
  redis: RedisClient;
  watch: RedisWatch;
  /** Waits until all that was answered is in the append-only file; rejects if a write failed. */
  untilWritten(): Promise<void>;
  quota: Quota;
  settings: SettingsSource;
  now(): Date;
  /** Counts the events of a request. */
  count(report: IntakeReport): void;
  /** Counts a request that was refused as a whole. */
  countRefused(reason: RefusalReason): void;
}

/** Conditions under which events are taken in. */
export interface Terms {
  /** Whether they count for their team's quota. */
  counted: boolean;
  /** The share of Redis' memory limit from which they are refused. */
  mark: number;
}

const POSTED: Terms = { counted: true, mark: MARKS.refuse };
/** Recoveries by expiry: a team over its quota must get them too. */
export const UNCOUNTED: Terms = { counted: false, mark: MARKS.refuse };
/** Alerts about Tocsin itself: few, and some of them report that other events are refused. */
export const URGENT: Terms = { counted: false, mark: MARKS.shed };

export interface TakeOptions {
  /** The team whose policies may take the events; null for all. */
  team: string | null;
  /** Lists the result of each event in the report. */
  detail?: boolean;
  /**
   * Whether the sender has closed its connection. It may have sent the events again elsewhere; taken in after that copy,
   * they would overtake what followed it.
   */
  isGone?(): boolean;
  terms?: Terms;
}

/** A request whose events are taken in. */
interface Request extends Required<Omit<TakeOptions, 'detail'>> {
  tally: IntakeTally;
}

/** Events in one act: enough to be fast, few enough that other requests are not blocked. */
const PORTION = 500;
const RETRY_AFTER_SECONDS = 5;
const DEFAULT_TEAM = 'default';
const NO_SETTINGS = 'no settings are known: the database is away';

/** Memory of a delivery in Redis besides its event: record, claim, entries in lists. */
const OVERHEAD_BYTES = 500;
/** Estimated bytes of one delivery of each event; the number of endpoints is not known yet. */
const bytesOf = (events: readonly IncomingEvent[]): number =>
  events.reduce((sum, { json }) => sum + Buffer.byteLength(json) + OVERHEAD_BYTES, 0);

/** Takes events in: quota, admission, unrouted events, report. */
export class Intake {
  constructor(private readonly deps: IntakeDeps) {}

  /**
   * Takes events in, in portions. When it returns, everything it queued is safe in Redis.
   * @throws IntakeRefused if no promise can be made, NothingAccepted if every event was rejected, SenderGone
   */
  async take(
    events: Iterable<ParsedEvent> | AsyncIterable<ParsedEvent>,
    { team, detail = false, isGone = () => false, terms = POSTED }: TakeOptions,
  ): Promise<IntakeReport> {
    const tally = new IntakeTally(detail);
    const request = { team, tally, isGone, terms };
    let portion = new Map<IncomingEvent, number>();
    let read = 0;
    for await (const parsed of events) {
      const index = tally.receive();
      if (parsed.ok) portion.set(parsed.incoming, index);
      else tally.reject(index, parsed);
      // Rejected events count too: a stream of nothing else must not keep other requests waiting.
      read += 1;
      if (read < PORTION) continue;
      if (portion.size === 0) await setImmediate();
      await this.admit(portion, request);
      portion = new Map();
      read = 0;
    }
    await this.admit(portion, request);
    if (tally.accepted > 0) await this.whileAnswering(() => this.deps.untilWritten());
    this.deps.count(tally.report);
    tally.report.results?.sort((a, b) => a.index - b.index);
    if (tally.accepted === 0 && tally.report.received > 0) throw new NothingAccepted(tally.report, tally.onlyTooLarge);
    return tally.report;
  }

  /** Does work that a request depends on. @throws IntakeRefused if events cannot be taken in now */
  async whileOpen<T>(work: () => Promise<T>, mark?: number): Promise<T> {
    this.requireOpen(mark);
    return this.whileAnswering(work);
  }

  /** The settings in force. @throws IntakeRefused if events cannot be taken in now */
  private requireOpen(mark?: number): Settings {
    const closed = this.whyClosed(mark);
    const settings = this.deps.settings.current();
    if (closed !== undefined || !settings) throw this.refuse('unavailable', closed ?? NO_SETTINGS, RETRY_AFTER_SECONDS);
    return settings;
  }

  private async whileAnswering<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IntakeRefused) throw error;
      if (error instanceof EndpointUnusable) throw this.refuse('unavailable', error.message, RETRY_AFTER_SECONDS);
      if (!isRedisAway(error)) throw error;
      this.deps.watch.note(error);
      throw this.refuse('unavailable', 'Redis is away or cannot take more', RETRY_AFTER_SECONDS, { cause: error });
    }
  }

  /** Why no events can be taken in now; undefined if they can. */
  whyClosed(mark?: number): string | undefined {
    return this.deps.watch.trouble(mark) ?? (this.deps.settings.current() ? undefined : NO_SETTINGS);
  }

  private refuse(
    reason: RefusalReason,
    message: string,
    retryAfterSeconds: number,
    options?: ErrorOptions,
  ): IntakeRefused {
    this.deps.countRefused(reason);
    return new IntakeRefused(reason, message, retryAfterSeconds, options);
  }

  private async admit(portion: ReadonlyMap<IncomingEvent, number>, request: Request): Promise<void> {
    if (request.isGone()) throw new SenderGone();
    if (portion.size === 0) return;
    const written = await this.deps.watch.announce(bytesOf([...portion.keys()]));
    try {
      await this.whileOpen(() => this.admitAnnounced(portion, request), request.terms.mark);
    } finally {
      written();
    }
  }

  private async admitAnnounced(
    portion: ReadonlyMap<IncomingEvent, number>,
    { team, tally, isGone, terms }: Request,
  ): Promise<void> {
    const events = [...portion.keys()];
    if (terms.counted) await this.countQuota(team ?? DEFAULT_TEAM, portion.size);
    // Long matching work may take a minute, within which the sender may go and Redis may fill up.
    const results = await this.deps.admitter.admit(events, team, () => {
      if (isGone()) throw new SenderGone();
      return this.requireOpen(terms.mark);
    });
    const unrouted = events.filter((_, i) => results[i]?.result === 'unrouted').map(({ event }) => event);
    await recordUnrouted(this.deps.redis, team ?? DEFAULT_TEAM, unrouted, this.deps.now());
    events.forEach((incoming, i) => {
      const result = results[i];
      if (result) tally.accept(portion.get(incoming) as number, result);
    });
  }

  private async countQuota(team: string, events: number): Promise<void> {
    const waitMs = await this.deps.quota.count(team, events);
    if (waitMs > 0)
      throw this.refuse('over quota', `team ${team} is over its quota of events a minute`, Math.ceil(waitMs / 1000));
  }
}

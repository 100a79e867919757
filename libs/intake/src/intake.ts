import { type Admitter, EndpointUnusable, type IncomingEvent } from '#libs/admission';
import type { Settings, SettingsSource } from '#libs/contracts';
import { isRedisAway, MARKS, type RedisClient, type RedisWatch } from '#libs/redis';
import { type IntakeReport, IntakeTally } from './intake-report.js';
import type { ParsedEvent } from './parse-event.js';
import type { Quota } from './quota.js';
import { keepUnrouted } from './unrouted.js';

/** Why nothing was promised; the sender may send it all again with the same ids. */
export class IntakeRefused extends Error {
  constructor(
    readonly status: 429 | 503,
    message: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IntakeRefused';
  }
}

/** Nobody waits for the answer any more, so what is not taken yet is not taken: whoever sent it will send it again. */
export class SenderGone extends Error {
  constructor() {
    super('the sender has gone away');
    this.name = 'SenderGone';
  }
}

/** None of the events could be taken. */
export class NothingAccepted extends Error {
  constructor(
    readonly report: IntakeReport,
    readonly tooLarge: boolean,
  ) {
    super('none of the events could be accepted');
    this.name = 'NothingAccepted';
  }
}

export interface IntakeParts {
  admitter: Admitter;
  redis: RedisClient;
  watch: RedisWatch;
  quota: Quota;
  settings: SettingsSource;
  now(): Date;
  /** Told of each answer. */
  count(report: IntakeReport): void;
  /** Told of each request about which nothing was promised. */
  countRefused(status: number): void;
}

/** How events are taken in that are not simply posted. */
export interface Terms {
  /** Whether they count for their team's quota. */
  counted: boolean;
  /** The share of Redis' memory limit from which they are refused. */
  mark: number;
}

const POSTED: Terms = { counted: true, mark: MARKS.refuse };
/** Recoveries that nobody posts: who reached the quota would never be told of them. */
export const UNCOUNTED: Terms = { counted: false, mark: MARKS.refuse };
/** What Tocsin says about itself is little, and tells among other things that nothing else is taken. */
export const URGENT: Terms = { counted: false, mark: MARKS.shed };

/** So many events are taken in one act: enough to be fast, few enough to leave others their turn. */
const PORTION = 500;
const RETRY_AFTER_SECONDS = 5;
const DEFAULT_TEAM = 'default';
const NO_SETTINGS = 'no settings are known: the database is away';

/** What a delivery takes in Redis besides its event: record, claim, places in lists. */
const OVERHEAD_BYTES = 500;
/** About what one delivery of each will take; how many endpoints take it is not known yet. */
const bytesOf = (events: readonly IncomingEvent[]): number =>
  events.reduce((sum, { json }) => sum + Buffer.byteLength(json) + OVERHEAD_BYTES, 0);

/** Takes posted events in: the order of what happens to them is the order of this file. */
export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  /**
   * @param team whose policies may take the events; null for all
   * @param isGone whether the sender has gone away; a request of which the sender has sent a copy elsewhere meanwhile must
   *   not be taken after that copy and what followed it
   * @throws IntakeRefused when no promise can be made, NothingAccepted when every event was bad
   */
  async take(
    events: Iterable<ParsedEvent> | AsyncIterable<ParsedEvent>,
    team: string | null,
    detail: boolean,
    isGone: () => boolean,
    terms = POSTED,
  ): Promise<IntakeReport> {
    const tally = new IntakeTally(detail);
    let portion = new Map<IncomingEvent, number>();
    for await (const parsed of events) {
      const index = tally.receive();
      if (parsed.ok) portion.set(parsed.incoming, index);
      else tally.reject(index, parsed);
      if (portion.size < PORTION) continue;
      if (isGone()) throw new SenderGone();
      await this.admit(portion, team, tally, terms);
      portion = new Map();
    }
    if (isGone()) throw new SenderGone();
    await this.admit(portion, team, tally, terms);
    this.parts.count(tally.report);
    tally.report.results?.sort((a, b) => a.index - b.index);
    if (tally.accepted === 0 && tally.report.received > 0) throw new NothingAccepted(tally.report, tally.onlyTooLarge);
    return tally.report;
  }

  private refuse(status: 429 | 503, why: string, retryAfterSeconds: number, options?: ErrorOptions): IntakeRefused {
    this.parts.countRefused(status);
    return new IntakeRefused(status, why, retryAfterSeconds, options);
  }

  private async admit(
    portion: ReadonlyMap<IncomingEvent, number>,
    team: string | null,
    tally: IntakeTally,
    terms: Terms,
  ): Promise<void> {
    if (portion.size === 0) return;
    const events = [...portion.keys()];
    const written = await this.parts.watch.announce(bytesOf(events));
    try {
      await this.admitAnnounced(events, portion, team, tally, terms);
    } finally {
      written();
    }
  }

  private async admitAnnounced(
    events: readonly IncomingEvent[],
    portion: ReadonlyMap<IncomingEvent, number>,
    team: string | null,
    tally: IntakeTally,
    terms: Terms,
  ): Promise<void> {
    await this.whileOpen(async (settings) => {
      if (terms.counted) await this.countQuota(team ?? DEFAULT_TEAM, portion.size);
      const results = await this.parts.admitter.admit(events, team, settings);
      const unrouted = events.filter((_, i) => results[i]?.result === 'unrouted').map(({ event }) => event);
      await keepUnrouted(this.parts.redis, team ?? DEFAULT_TEAM, unrouted, this.parts.now());
      events.forEach((incoming, i) => {
        const result = results[i];
        if (result) tally.take(portion.get(incoming) as number, result);
      });
    }, terms.mark);
  }

  /** Does something without which the sender cannot be answered. @throws IntakeRefused where no promise can be made */
  async whileOpen<T>(work: (settings: Settings) => Promise<T>, mark?: number): Promise<T> {
    const closed = this.whyClosed(mark);
    const settings = this.parts.settings.current();
    if (closed !== undefined || !settings) throw this.refuse(503, closed ?? NO_SETTINGS, RETRY_AFTER_SECONDS);
    try {
      return await work(settings);
    } catch (error) {
      if (error instanceof EndpointUnusable) throw this.refuse(503, error.message, RETRY_AFTER_SECONDS);
      if (!isRedisAway(error)) throw error;
      throw this.refuse(503, 'Redis is away or cannot take more', RETRY_AFTER_SECONDS, { cause: error });
    }
  }

  /** Why no events can be taken now; undefined when they can. */
  whyClosed(mark?: number): string | undefined {
    return this.parts.watch.trouble(mark) ?? (this.parts.settings.current() ? undefined : NO_SETTINGS);
  }

  private async countQuota(team: string, events: number): Promise<void> {
    const waitMs = await this.parts.quota.count(team, events);
    if (waitMs > 0)
      throw this.refuse(429, `team ${team} is over its quota of events a minute`, Math.ceil(waitMs / 1000));
  }
}

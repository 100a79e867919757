import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import {
  createExpiryBook,
  createExpiryClock,
  type ExpiryBook,
  expireAlerts,
  type NextCheck,
  type Reporter,
} from '#libs/alerts';
import type { AlertEvent } from '#libs/contracts';
import { createRedis, type RedisClient } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
/** Prometheus sends a firing alert every minute, and says that it fires for four times as long. */
export const RESEND = MINUTE;
export const FIRES_FOR = 4 * RESEND;
export const GRACE = 30 * SECOND;

/** A database and a clock for the specs of alert expiry, and an empty desk for each test. */
export function useExpiryDesks() {
  const redis = createRedis({ kind: 'single', url: sharedRedisUrl(9) }, 'work');
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  afterAll(() => redis.disconnect());
  return {
    redis,
    time,
    async newDesk() {
      await redis.flushdb();
      return new ExpiryDesk(redis, time);
    },
  };
}

/** Alert expiry on a real Redis, with a clock that only the test moves. Events that would be taken in are listed. */
export class ExpiryDesk {
  readonly taken: AlertEvent[] = [];
  /** Outages as they are reported for the log. */
  readonly log: string[] = [];
  readonly reporter: Reporter;
  readonly book: ExpiryBook;
  /** Every event is refused while this says why. */
  refusal: string | undefined;
  /** Called before events are taken in. */
  onTake: (events: readonly AlertEvent[]) => Promise<void> = async () => {};
  private readonly clock;

  constructor(
    readonly redis: RedisClient,
    private readonly time: { now: number },
    key = randomUUID(),
  ) {
    this.reporter = { team: 'default', key };
    this.book = createExpiryBook(redis);
    this.clock = createExpiryClock(redis, { elapsed: () => time.now, now: () => time.now });
  }

  get now(): number {
    return this.time.now;
  }

  /** The source reports alerts that fire for a time, and others that have ended. */
  async report(objects: readonly string[], lengthMs: number, ended: readonly string[] = []): Promise<void> {
    const untilMs = this.now + lengthMs;
    const firing = objects.map((object) => ({ event: alert(object), untilMs }));
    await this.book.record(this.reporter, { firing, ended: ended.map(alert) }, this.now, await this.clock.read());
  }

  /** Reports as Prometheus does: each alert once a minute, not all at the same time. */
  repeatEachMinute(objects: readonly string[]): (second: number) => Promise<void> {
    return async (second) => {
      const due = objects.filter((_, i) => (second - i) % (RESEND / SECOND) === 0);
      if (due.length > 0) await this.report(due, FIRES_FOR);
    };
  }

  /** One round of the expiry duty. */
  async expire(): Promise<NextCheck> {
    return expireAlerts(this.reporter, await this.clock.beat(), {
      book: this.book,
      take: async (events) => {
        await this.onTake(events);
        if (this.refusal) throw new Error(this.refusal);
        this.taken.push(...events);
      },
      lang: 'en',
      now: () => new Date(this.now),
      onOutage: (_, { held, of }) => this.log.push(`outage ${held}/${of}`),
      onOutageOver: () => this.log.push('over'),
    });
  }

  /** Time passes in which events can be taken. @param meanwhile done every second */
  async pass(ms: number, meanwhile: (second: number) => Promise<void> = async () => {}): Promise<void> {
    for (let second = 1; second <= ms / SECOND; second++) {
      this.time.now += SECOND;
      await meanwhile(second);
      await this.expire();
    }
  }

  /** Time passes in which Tocsin is down. */
  standStill(ms: number): void {
    this.time.now += ms;
  }

  /** The objects whose alerts expired, in order. */
  get recovered(): string[] {
    return this.taken
      .filter(({ level, policy }) => level === 'recovered' && policy === 'p')
      .map(({ object }) => object);
  }

  /** Levels of the events about the source itself. */
  get outageLevels(): string[] {
    return this.taken.filter(({ policy }) => policy === 'tocsin').map(({ level }) => level);
  }
}

export const alert = (object: string): AlertEvent => ({
  id: randomUUID(),
  policy: 'p',
  object,
  objectName: `name of ${object}`,
  level: 'fatal',
  title: `title of ${object}`,
  labels: { alertname: 'p', instance: object },
  startsAt: '2026-01-01T00:00:00Z',
});

export const names = (count: number, prefix = 'o'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

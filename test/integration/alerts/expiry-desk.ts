import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import type { AlertEvent } from '#libs/contracts';
import { createLeaseBook, createLeaseClock, type LeaseBook, type NextLook, runOut, type Source } from '#libs/leases';
import { createRedis, type RedisClient } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;
/** Prometheus sends a firing alert every minute, and says that it fires for four times as long. */
export const RESEND = MINUTE;
export const LEASE = 4 * RESEND;
export const GRACE = 30 * SECOND;

/** What the specs of leases have in common: a database, a clock, and an empty desk for each test. */
export function useLeaseDesks() {
  const redis = createRedis({ kind: 'single', url: sharedRedisUrl(9) }, 'work');
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  afterAll(() => redis.disconnect());
  return {
    redis,
    time,
    async newDesk() {
      await redis.flushdb();
      return new LeaseDesk(redis, time);
    },
  };
}

/** Leases on a real Redis, with a clock that only the test moves; what would be taken in is listed. */
export class LeaseDesk {
  readonly taken: AlertEvent[] = [];
  /** Each step of the sweep by its name. */
  readonly log: string[] = [];
  readonly source: Source;
  readonly book: LeaseBook;
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
    this.source = { team: 'default', key };
    this.book = createLeaseBook(redis);
    this.clock = createLeaseClock(redis, { elapsed: () => time.now, now: () => time.now });
  }

  get now(): number {
    return this.time.now;
  }

  /** The source says that alerts fire for so long, and that others have ended. */
  async say(objects: readonly string[], lengthMs: number, ended: readonly string[] = []): Promise<void> {
    const untilMs = this.now + lengthMs;
    const firing = objects.map((object) => ({ event: alert(object), untilMs }));
    await this.book.keep(this.source, { firing, ended: ended.map(alert) }, this.now, await this.clock.read());
  }

  /** As Prometheus does: each alert once a minute, not all at the same time. */
  keepUp(objects: readonly string[]): (second: number) => Promise<void> {
    return async (second) => {
      const due = objects.filter((_, i) => (second - i) % (RESEND / SECOND) === 0);
      if (due.length > 0) await this.say(due, LEASE);
    };
  }

  /** As the process does that has the duty. */
  async sweep(): Promise<NextLook> {
    return runOut(this.source, await this.clock.beat(), {
      book: this.book,
      take: async (events) => {
        await this.onTake(events);
        if (this.refusal) throw new Error(this.refusal);
        this.taken.push(...events);
      },
      lang: 'en',
      now: () => new Date(this.now),
      onSilent: (_, { leases, of }) => this.log.push(`silent ${leases}/${of}`),
      onSpeaksAgain: () => this.log.push('speaks'),
    });
  }

  /** Time passes in which events can be taken. @param meanwhile done every second */
  async pass(ms: number, meanwhile: (second: number) => Promise<void> = async () => {}): Promise<void> {
    for (let second = 1; second <= ms / SECOND; second++) {
      this.time.now += SECOND;
      await meanwhile(second);
      await this.sweep();
    }
  }

  /** Time passes in which Tocsin is down. */
  standStill(ms: number): void {
    this.time.now += ms;
  }

  /** The objects whose leases ran out, in order. */
  get recovered(): string[] {
    return this.taken
      .filter(({ level, policy }) => level === 'recovered' && policy === 'p')
      .map(({ object }) => object);
  }

  /** What was told of the source itself. */
  get told(): string[] {
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

import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { AlertEvent, Language } from '#libs/contracts';
import { within } from '#libs/contracts';
import { type ClockReading, runOut, type Source, sourceTag } from '#libs/leases';
import { type LeaderLock, type RepeatLoop, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import type { LeaseParts } from './alert-leases.js';

const BEAT_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
/** New leases and sources may wait so long to be looked at: less than the grace of a lease. */
const LOOK_AGAIN_MS = 10_000;
const AFTER_FAILURE_MS = 5_000;
/** Redis may be away; the duty then passes on by itself. */
const STOP_MS_MAX = 1_000;

export interface LeaseKeeperParts {
  leases: LeaseParts;
  /** Looking after what runs out is for one process at a time. */
  duty: LeaderLock;
  /** Whether events can be taken right now. */
  isOpen(): boolean;
  take(events: readonly AlertEvent[], source: Source): Promise<void>;
  lang: Language;
  now(): Date;
  log: Logger;
}

/** Keeps the lease clock going while this process can take events, and sees to leases that run out. */
export class LeaseKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private loops: RepeatLoop[] = [];
  private sources: readonly Source[] = [];
  private listedAt = Number.NEGATIVE_INFINITY;
  /** When to look at a source next, on the lease clock. */
  private readonly next = new Map<string, number>();

  constructor(private readonly parts: LeaseKeeperParts) {}

  onApplicationBootstrap(): void {
    const { log } = this.parts;
    this.loops = [
      repeat(
        () => this.beat(),
        () => BEAT_EVERY_MS,
        (error) => log.debug({ err: error }, 'the lease clock stands still'),
      ),
      repeat(
        () => this.look(),
        () => LOOK_EVERY_MS,
        (error) => log.debug({ err: error }, 'leases cannot be looked at'),
      ),
    ];
  }

  async onModuleDestroy(): Promise<void> {
    const stopped = Promise.all(this.loops.map((loop) => loop.stop())).then(() => this.parts.duty.release());
    await within(STOP_MS_MAX, stopped).catch(() => {});
  }

  private async beat(): Promise<boolean> {
    if (this.parts.isOpen()) await this.parts.leases.clock.beat();
    return false;
  }

  private async look(): Promise<boolean> {
    const { leases, duty, isOpen } = this.parts;
    if (!isOpen() || !(await duty.acquire())) return false;
    const clock = await leases.clock.read();
    if (Math.abs(clock.shows - this.listedAt) >= LOOK_AGAIN_MS) {
      this.sources = await leases.sources.all();
      this.listedAt = clock.shows;
    }
    for (const source of this.sources) await this.lookAt(source, clock);
    return false;
  }

  private async lookAt(source: Source, clock: ClockReading): Promise<void> {
    const { leases, take, lang, now, log } = this.parts;
    const tag = sourceTag(source);
    if ((this.next.get(tag) ?? 0) > clock.shows) return;
    const about = { key: source.key, team: source.team };
    try {
      const until = await runOut(source, clock, {
        book: leases.book,
        take,
        lang,
        now,
        onSilent: (_, { leases, of }) =>
          log.warn({ ...about, leases, of }, 'a source has gone silent: leases are held'),
        onSpeaksAgain: () => log.info(about, 'a source speaks again: its leases go on'),
      });
      if (until === undefined) await this.unlist(source);
      this.next.set(tag, Math.min(until ?? Number.POSITIVE_INFINITY, clock.shows + LOOK_AGAIN_MS));
    } catch (error) {
      log.warn({ ...about, err: error }, 'leases that ran out wait to be taken in');
      this.next.set(tag, clock.shows + AFTER_FAILURE_MS);
    }
  }

  private async unlist(source: Source): Promise<void> {
    const { book, sources } = this.parts.leases;
    await sources.remove(source);
    if ((await book.count(source)).leases > 0) await sources.add(source);
  }
}

import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { within } from '#libs/contracts';
import { type LeaderLock, type RepeatLoop, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

const LOOK_EVERY_MS = 5_000;
/** Redis may be away; the duty then passes on by itself. */
const STOP_MS_MAX = 1_000;

export interface OwnAlertKeeperParts {
  /** Telling of Tocsin itself is for one process at a time. */
  duty: LeaderLock;
  /** Whether such events can be taken right now. */
  isOpen(): boolean;
  look(): Promise<void>;
  log: Logger;
}

/** Sees to it that what troubles Tocsin is told, by one API process at a time. */
export class OwnAlertKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private looking: RepeatLoop | undefined;

  constructor(private readonly parts: OwnAlertKeeperParts) {}

  onApplicationBootstrap(): void {
    const { duty, isOpen, look, log } = this.parts;
    this.looking = repeat(
      async () => {
        if (isOpen() && (await duty.acquire())) await look();
        return false;
      },
      () => LOOK_EVERY_MS,
      (error) => log.warn({ err: error }, 'Tocsin cannot look at itself'),
    );
  }

  async onModuleDestroy(): Promise<void> {
    const stopped = this.looking?.stop().then(() => this.parts.duty.release());
    await within(STOP_MS_MAX, stopped ?? Promise.resolve()).catch(() => {});
  }
}

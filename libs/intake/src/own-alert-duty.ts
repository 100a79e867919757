import { type LeaderLock, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { createDuty, type Duty } from './duty.js';

const CHECK_EVERY_MS = 5_000;

export interface OwnAlertDutyDeps {
  /** Reporting on Tocsin itself is for one process at a time. */
  lock: LeaderLock;
  /** Whether such events can be taken in right now. */
  isOpen(): boolean;
  check(): Promise<void>;
  log: Logger;
}

/** Checks Tocsin for trouble every five seconds. */
export function createOwnAlertDuty({ lock, isOpen, check, log }: OwnAlertDutyDeps): Duty {
  const task = async (): Promise<boolean> => {
    if (isOpen() && (await lock.acquire())) await check();
    return false;
  };
  return createDuty(lock, () => [
    repeat(
      task,
      () => CHECK_EVERY_MS,
      (error) => log.warn({ err: error }, 'Tocsin cannot check itself for trouble'),
    ),
  ]);
}

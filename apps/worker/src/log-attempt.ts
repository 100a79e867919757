import type { AttemptReport, DropReport } from '#libs/delivery';
import type { Logger } from '#libs/telemetry';

/** Logs an attempt in one line: at debug if delivered, as a warning if the delivery ended dead. */
export function logAttempt(logger: Logger, { attempt, ...about }: AttemptReport): void {
  const level = attempt.outcome === 'delivered' ? 'debug' : about.verdict === 'dead' ? 'warn' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { excerpt: _, ...fields } = attempt;
  logger[level]({ ...about, ...fields }, 'delivery.attempted');
}

/** Warns of a message that was not sent; its deliveries are not lost. */
export function logDrop(logger: Logger, drop: DropReport): void {
  logger.warn(
    drop,
    'delivery.dropped: the in-flight lease ran out before the message was sent, because this process was stopped, Redis ' +
      'did not answer or the clock was set; the deliveries are taken again. If this repeats, look for pauses of the machine',
  );
}

import type { AttemptReport } from '#libs/delivery';
import type { Logger } from '#libs/telemetry';

/** Logs an attempt in one line: at debug if delivered, as a warning if the delivery ended dead. */
export function logAttempt(logger: Logger, { attempt, ...about }: AttemptReport): void {
  const level = attempt.outcome === 'delivered' ? 'debug' : about.verdict === 'dead' ? 'warn' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { excerpt: _, ...fields } = attempt;
  logger[level]({ ...about, ...fields }, 'delivery.attempted');
}

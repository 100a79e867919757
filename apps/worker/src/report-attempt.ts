import type { AttemptReport } from '#libs/delivery';
import type { Logger } from '#libs/telemetry';

/** One wide line an attempt: at debug where all went well, as a warning where it was the last and in vain. */
export function reportAttempt(logger: Logger, { attempt, ...about }: AttemptReport): void {
  const level = attempt.outcome === 'delivered' ? 'debug' : about.verdict === 'dead' ? 'warn' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { excerpt: _, ...fields } = attempt;
  logger[level]({ ...about, ...fields }, 'delivery.attempted');
}

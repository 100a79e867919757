import type { Outcome } from '#libs/contracts';
import { redact } from './redact.js';

/** Removes secrets that a receiver returned in its answer from an outcome. */
export function redactOutcome(outcome: Outcome, secrets: readonly string[]): Outcome {
  if (secrets.length === 0) return outcome;
  const { message, excerpt, partial } = outcome;
  return {
    ...outcome,
    ...(message !== undefined && { message: redact(message, secrets) }),
    ...(excerpt !== undefined && { excerpt: redact(excerpt, secrets) }),
    ...(partial !== undefined && { partial: partial.map((one) => redact(one, secrets)) }),
  };
}

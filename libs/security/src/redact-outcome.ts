import type { Outcome } from '#libs/contracts';
import { redact } from './redact.js';

/** An outcome without the secrets that a receiver may have given back in its answer. */
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

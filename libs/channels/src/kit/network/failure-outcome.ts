import type { Outcome, OutcomeKind } from '#libs/contracts';
import type { NetworkFailure } from '#libs/network';
import { tlsErrorText } from './tls-error-text.js';

/** The outcome of a send that failed with a {@link NetworkFailure}. Any other error is a bug, and thrown again. */
export function failureOutcome(error: unknown): Outcome {
  if (!isNetworkFailure(error)) throw error;
  return { kind: failureKind(error), code: error.code, message: tlsErrorText(error.code, error.message) };
}

function failureKind(failure: NetworkFailure): OutcomeKind {
  if (failure.code === 'EGRESS_DENIED') return 'misconfigured';
  if (failure.code === 'INVALID_REQUEST') return 'rejected';
  return failure.sent ? 'unknown' : 'unavailable';
}

function isNetworkFailure(error: unknown): error is NetworkFailure {
  return error instanceof Error && 'sent' in error && typeof error.sent === 'boolean' && 'code' in error;
}

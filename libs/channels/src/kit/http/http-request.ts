import type { Outcome, OutcomeKind } from '#libs/contracts';
import { tlsWords } from '../network/tls-error-text.js';

/** A request through the guarded client. The promise rejects with an {@link NetworkFailure}. */
export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** The provider says in the body what became of the message, so that it is waited for; otherwise a slow one is left. */
  awaitsBody?: true;
  /** PEM of an authority to trust besides the system's. */
  caCert?: string;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The beginning of the body, at most 8 KiB. */
  excerpt: string;
}

/** Why a request has no answer, as the guarded client tells it. */
export interface NetworkFailure extends Error {
  /** `TIMEOUT`, `ABORTED`, `CLOSED`, `EGRESS_DENIED`, `INVALID_REQUEST`, or the code of the system or TLS error. */
  code: string;
  /** Whether any of the request left this machine, so that it may have arrived. */
  sent: boolean;
}

/** The outcome of a request without an answer. Whatever else was thrown is a fault of ours and thrown on. */
export function failureOutcome(error: unknown): Outcome {
  if (!isNetworkFailure(error)) throw error;
  return { kind: failureKind(error), code: error.code, message: tlsWords(error.code, error.message) };
}

function failureKind(failure: NetworkFailure): OutcomeKind {
  if (failure.code === 'EGRESS_DENIED') return 'misconfigured';
  if (failure.code === 'INVALID_REQUEST') return 'rejected';
  return failure.sent ? 'unknown' : 'unavailable';
}

function isNetworkFailure(error: unknown): error is NetworkFailure {
  return error instanceof Error && 'sent' in error && typeof error.sent === 'boolean' && 'code' in error;
}

const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * How long an answer asks to wait: `Retry-After` in seconds or as a date, from none to an hour.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: HttpAnswer['headers'], now: Date): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : httpDate(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.round(Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS));
}

/** Only dates as HTTP writes them: `Date.parse` alone makes one of almost anything. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? .*(GMT|\d{4})$/.test(text) ? Date.parse(text) : Number.NaN;
}

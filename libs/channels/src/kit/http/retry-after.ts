import type { HttpAnswer } from './http-request.js';

const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * The delay that an answer requests in milliseconds, at most an hour: `Retry-After` in seconds or as a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(headers: HttpAnswer['headers'], now: Date): number | undefined {
  const value = headers['retry-after']?.trim();
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : parseHttpDate(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.round(Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS));
}

/** Accepts the date formats of HTTP only, because `Date.parse` accepts almost any text. */
function parseHttpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? .*(GMT|\d{4})$/.test(text) ? Date.parse(text) : Number.NaN;
}

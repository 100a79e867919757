import { expect, it } from 'vitest';
import { failureOutcome, retryAfterMs } from './http-request.js';

const now = new Date('2026-11-20T08:00:00Z');

it.each<[string, number | undefined]>([
  ['0', 0],
  ['7', 7_000],
  [' 1.5 ', 1_500],
  ['3600', 3_600_000],
  ['99999999999', 3_600_000],
  ['Fri, 20 Nov 2026 08:00:30 GMT', 30_000],
  ['Friday, 20-Nov-26 08:00:30 GMT', 30_000],
  ['Fri Nov 20 08:00:30 2026', 30_000],
  ['Fri, 20 Nov 2026 07:00:00 GMT', 0],
  ['Sat, 21 Nov 2026 08:00:00 GMT', 3_600_000],
  ['', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  ['2026-11-20T08:00:30Z', undefined],
])('Retry-After: %s is %s ms', (value, ms) => {
  expect(retryAfterMs({ 'retry-after': value }, now)).toBe(ms);
});

it('asks for no wait where there is no such header', () => {
  expect(retryAfterMs({}, now)).toBeUndefined();
});

it.each([
  [{ code: 'ECONNREFUSED', sent: false }, 'unavailable'],
  [{ code: 'CERT_HAS_EXPIRED', sent: false }, 'unavailable'],
  [{ code: 'TIMEOUT', sent: false }, 'unavailable'],
  [{ code: 'TIMEOUT', sent: true }, 'unknown'],
  [{ code: 'UND_ERR_SOCKET', sent: true }, 'unknown'],
  [{ code: 'EGRESS_DENIED', sent: false }, 'misconfigured'],
  [{ code: 'INVALID_REQUEST', sent: false }, 'rejected'],
])('%j is %s', (failure, kind) => {
  const error = Object.assign(new Error('words'), failure);
  const message = failure.code === 'CERT_HAS_EXPIRED' ? 'its certificate has expired' : 'words';
  expect(failureOutcome(error)).toEqual({ kind, code: failure.code, message });
});

it('does not take a fault of ours for an outcome', () => {
  expect(() => failureOutcome(new TypeError('x is not a function'))).toThrow(TypeError);
});

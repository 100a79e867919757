import { expect, it } from 'vitest';
import { failureOutcome } from './failure-outcome.js';

it.each([
  [{ code: 'ECONNREFUSED', sent: false }, 'unavailable'],
  [{ code: 'CERT_HAS_EXPIRED', sent: false }, 'unavailable'],
  [{ code: 'TIMEOUT', sent: false }, 'unavailable'],
  [{ code: 'TIMEOUT', sent: true }, 'unknown'],
  [{ code: 'UND_ERR_SOCKET', sent: true }, 'unknown'],
  [{ code: 'EGRESS_DENIED', sent: false }, 'misconfigured'],
  [{ code: 'INVALID_REQUEST', sent: false }, 'rejected'],
])('%j is %s', (failure, kind) => {
  const error = Object.assign(new Error('message'), failure);
  const message = failure.code === 'CERT_HAS_EXPIRED' ? 'its certificate has expired' : 'message';
  expect(failureOutcome(error)).toEqual({ kind, code: failure.code, message });
});

it('throws an error of our own again', () => {
  expect(() => failureOutcome(new TypeError('x is not a function'))).toThrow(TypeError);
});

import { expect, it } from 'vitest';
import { classify } from './classify.js';

const now = new Date('2026-11-20T08:00:00Z');
const answer = (status: number, headers = {}) => ({ status, headers, excerpt: 'text' });

/** All statuses of HTTP in ranges, with the outcome; the last column applies if the URL contains values of the message. */
const table: [from: number, to: number, kind: string, ifAddressVaries?: string][] = [
  [100, 199, 'unknown'],
  [200, 299, 'delivered'],
  [300, 399, 'misconfigured', 'rejected'],
  [400, 400, 'rejected'],
  [401, 401, 'misconfigured'],
  [402, 402, 'rejected'],
  [403, 403, 'misconfigured'],
  [404, 405, 'misconfigured', 'rejected'],
  [406, 406, 'rejected'],
  [407, 407, 'misconfigured'],
  [408, 408, 'unavailable'],
  [409, 409, 'rejected'],
  [410, 410, 'misconfigured', 'rejected'],
  [411, 420, 'rejected'],
  [421, 421, 'misconfigured', 'rejected'],
  [422, 424, 'rejected'],
  [425, 425, 'unavailable'],
  [426, 428, 'rejected'],
  [429, 429, 'throttled'],
  [430, 499, 'rejected'],
  [500, 599, 'unavailable'],
  [600, 999, 'unknown'],
];
const cases = table.flatMap(([from, to, kind, varying = kind]) =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, kind, varying] as const),
);

it('lists each status once', () => {
  expect(cases.map(([status]) => status)).toEqual(Array.from({ length: 900 }, (_, index) => 100 + index));
});

it.each(cases)('%i is %s, and %s if the address varies', (status, kind, varying) => {
  const outcome = classify(answer(status), now, false);
  expect(outcome).toMatchObject({ kind, code: String(status), excerpt: 'text' });
  expect(classify(answer(status), now, true).kind).toBe(varying);
  if (kind !== 'delivered') expect(outcome.message).toContain(String(status));
});

it.each([429, 408, 425, 500, 503])('%i has the delay of Retry-After', (status) => {
  expect(classify(answer(status, { 'retry-after': '30' }), now, false).retryAfterMs).toBe(30_000);
  expect(classify(answer(status), now, false)).not.toHaveProperty('retryAfterMs');
});

it.each([200, 302, 400, 401])('%i ignores Retry-After, because it is not retried', (status) => {
  expect(classify(answer(status, { 'retry-after': '30' }), now, false)).not.toHaveProperty('retryAfterMs');
});

it.each<[string, string]>([
  ['{"error":\n\t"unknown\u0000 field"}', 'the receiver answered 400: {"error": "unknown field"}'],
  ['', 'the receiver answered 400'],
  [' <html>Bad Request</html>', 'the receiver answered 400'],
])('puts the body %j into one line', (excerpt, message) => {
  expect(classify({ ...answer(400), excerpt }, now, false).message).toBe(message);
});

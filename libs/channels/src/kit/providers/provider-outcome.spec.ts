import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFields, textOf } from './answer-fields.js';
import { codes, type Provider, providerOutcome } from './provider-outcome.js';

const PROVIDER: Provider = {
  name: 'Acme',
  codes: new Map([
    ...codes([1, 'one'], { kind: 'unavailable' }),
    ...codes([2], { kind: 'throttled', retryAfterMs: 60_000 }),
    ...codes([3], { kind: 'misconfigured', advice: 'correct the setting' }),
    ...codes([4], { kind: 'misconfigured', advice: (text) => `about ${text}` }),
  ]),
  read(answer) {
    const { code, text } = answerFields(answer) ?? {};
    return code === undefined ? undefined : { code: textOf(code), text: textOf(text) };
  },
};
const NOW = new Date('2026-11-20T08:00:00Z');

const outcomeOf = (body: unknown, status = 200, headers = {}) =>
  providerOutcome({ status, headers, excerpt: typeof body === 'string' ? body : JSON.stringify(body) }, PROVIDER, NOW);
const result = (code: number | string, text = 'the reason') => ({ code, text });

it.each([
  [200, result(0), { kind: 'delivered', code: '0' }],
  [500, result(0), { kind: 'unavailable', code: '500' }],
  [200, result('one'), { kind: 'unavailable', code: 'one', message: 'Acme answered one: the reason' }],
  [200, result(2), { kind: 'throttled', retryAfterMs: 60_000 }],
  [200, result(3), { kind: 'misconfigured', message: 'Acme answered 3: the reason (correct the setting)' }],
  [200, result(4), { kind: 'misconfigured', message: 'Acme answered 4: the reason (about the reason)' }],
  [200, result(9), { kind: 'rejected', code: '9' }],
  [200, result(9, ''), { kind: 'rejected', message: 'Acme answered 9' }],
  [200, result(9, 'two\n\tlines\u0000'), { kind: 'rejected', message: 'Acme answered 9: two lines' }],
  [403, result(9), { kind: 'misconfigured', code: '9' }],
  [429, result(9), { kind: 'throttled', code: '9' }],
  [503, result(9), { kind: 'unavailable', code: '9' }],
  [200, '<html>Welcome</html>', { kind: 'unknown', code: '200' }],
  [200, '[]', { kind: 'unknown' }],
  [302, '', { kind: 'misconfigured', message: 'Acme answered 302; redirects are not followed' }],
  [502, '<html>Bad Gateway</html>', { kind: 'unavailable', message: 'Acme answered 502' }],
  [400, 'unknown chat', { kind: 'rejected', message: 'Acme answered 400: unknown chat' }],
])('HTTP %i with %j has the outcome of its code', (status, body, expected) => {
  expect(outcomeOf(body, status)).toMatchObject(expected);
});

it('waits for the longer of the documented and the requested delay, and only if a retry may succeed', () => {
  const after = (seconds: string) => ({ 'retry-after': seconds });
  expect(outcomeOf(result(2), 200, after('5')).retryAfterMs).toBe(60_000);
  expect(outcomeOf(result(2), 200, after('90')).retryAfterMs).toBe(90_000);
  expect(outcomeOf(result(1), 200, after('5')).retryAfterMs).toBe(5_000);
  expect(outcomeOf('', 429, after('5')).retryAfterMs).toBe(5_000);
  expect(outcomeOf(result(3), 200, after('5'))).not.toHaveProperty('retryAfterMs');
  expect(outcomeOf(result(9), 200, after('5'))).not.toHaveProperty('retryAfterMs');
});

describe('an answer that is read in part', () => {
  const long = (fields: object) => JSON.stringify(fields).slice(0, 8_192);

  it('has the fields before the cut', () => {
    expect(answerFields({ excerpt: long({ code: -7, text: 'a "b"', rest: 'x'.repeat(9_000) }) })).toEqual({
      code: -7,
      text: 'a "b"',
    });
    expect(answerFields({ excerpt: long({ code: 0, rest: 'x'.repeat(9_000) }).slice(0, 100) })).toBeUndefined();
  });

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('{"a":"\n",', '{"a":"\\x",', '{"', '{"a":'),
        (text, before) => {
          const excerpt = before + text + '"b":1 x'.repeat(2_000);
          expect(() => outcomeOf(excerpt)).not.toThrow();
        },
      ),
    );
  });
});

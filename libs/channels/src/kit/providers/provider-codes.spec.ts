import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFields, codes, judgeByCode, type Provider, textOf } from './provider-codes.js';

const PROVIDER: Provider = {
  name: 'Acme',
  codes: new Map([
    ...codes([1, 'one'], { kind: 'unavailable' }),
    ...codes([2], { kind: 'throttled', retryAfterMs: 60_000 }),
    ...codes([3], { kind: 'misconfigured', advice: 'set it right' }),
    ...codes([4], { kind: 'misconfigured', advice: (words) => `heard ${words}` }),
  ]),
  read(answer) {
    const { code, words } = answerFields(answer) ?? {};
    return code === undefined ? undefined : { code: textOf(code), words: textOf(words) };
  },
};
const NOW = new Date('2026-11-20T08:00:00Z');

const judge = (body: unknown, status = 200, headers = {}) =>
  judgeByCode({ status, headers, excerpt: typeof body === 'string' ? body : JSON.stringify(body) }, PROVIDER, NOW);
const said = (code: number | string, words = 'so it is') => ({ code, words });

it.each([
  [200, said(0), { kind: 'delivered', code: '0' }],
  [500, said(0), { kind: 'unavailable', code: '500' }],
  [200, said('one'), { kind: 'unavailable', code: 'one', message: 'Acme answered one: so it is' }],
  [200, said(2), { kind: 'throttled', retryAfterMs: 60_000 }],
  [200, said(3), { kind: 'misconfigured', message: 'Acme answered 3: so it is (set it right)' }],
  [200, said(4), { kind: 'misconfigured', message: 'Acme answered 4: so it is (heard so it is)' }],
  [200, said(9), { kind: 'rejected', code: '9' }],
  [200, said(9, ''), { kind: 'rejected', message: 'Acme answered 9' }],
  [200, said(9, 'two\n\tlines\u0000'), { kind: 'rejected', message: 'Acme answered 9: two lines' }],
  [403, said(9), { kind: 'misconfigured', code: '9' }],
  [429, said(9), { kind: 'throttled', code: '9' }],
  [503, said(9), { kind: 'unavailable', code: '9' }],
  [200, '<html>Welcome</html>', { kind: 'unknown', code: '200' }],
  [200, '[]', { kind: 'unknown' }],
  [302, '', { kind: 'misconfigured', message: 'Acme answered 302; redirects are not followed' }],
  [502, '<html>Bad Gateway</html>', { kind: 'unavailable', message: 'Acme answered 502' }],
  [400, 'no such thing', { kind: 'rejected', message: 'Acme answered 400: no such thing' }],
])('HTTP %i with %j is judged by what is said', (status, body, expected) => {
  expect(judge(body, status)).toMatchObject(expected);
});

it('waits for the longer of what is documented and what is asked for, and only where waiting helps', () => {
  const after = (seconds: string) => ({ 'retry-after': seconds });
  expect(judge(said(2), 200, after('5')).retryAfterMs).toBe(60_000);
  expect(judge(said(2), 200, after('90')).retryAfterMs).toBe(90_000);
  expect(judge(said(1), 200, after('5')).retryAfterMs).toBe(5_000);
  expect(judge('', 429, after('5')).retryAfterMs).toBe(5_000);
  expect(judge(said(3), 200, after('5'))).not.toHaveProperty('retryAfterMs');
  expect(judge(said(9), 200, after('5'))).not.toHaveProperty('retryAfterMs');
});

describe('an answer longer than what is read of it', () => {
  const long = (fields: object) => JSON.stringify(fields).slice(0, 8_192);

  it('still says what its fields before the cut do', () => {
    expect(answerFields({ excerpt: long({ code: -7, words: 'a "b"', rest: 'x'.repeat(9_000) }) })).toEqual({
      code: -7,
      words: 'a "b"',
    });
    expect(answerFields({ excerpt: long({ code: 0, rest: 'x'.repeat(9_000) }).slice(0, 100) })).toBeUndefined();
  });

  it('is never too odd to be read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('{"a":"\n",', '{"a":"\\x",', '{"', '{"a":'),
        (text, before) => {
          const excerpt = before + text + '"b":1 x'.repeat(2_000);
          expect(() => judge(excerpt)).not.toThrow();
        },
      ),
    );
  });
});

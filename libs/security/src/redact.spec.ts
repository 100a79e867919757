import { expect, it } from 'vitest';
import { redact } from './redact.js';
import { redactOutcome } from './redact-outcome.js';

const secret = 'p/ss "w+rd" &ü';
const forms: [string, string][] = [
  ['as it is', secret],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded with small hex digits', encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase())],
  ['as a form encodes it', String(new URLSearchParams({ s: secret })).slice(2)],
  ['in hexadecimal', Buffer.from(secret).toString('hex')],
  ['in hexadecimal with capital digits', Buffer.from(secret).toString('hex').toUpperCase()],
  ['inside JSON', JSON.stringify(secret).slice(1, -1)],
  ['inside JSON with escaped slashes', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  ['inside HTML', 'p/ss &quot;w+rd&quot; &amp;ü'],
];

it.each(forms)('blanks a secret %s', (_name, form) => {
  expect(redact(`a ${form} b`, [secret])).toBe('a ******** b');
});

it.each(['', 'u', 'us', 'user', 'user:'])('blanks a secret inside base64 after %j', (before) => {
  for (const after of ['', ':', ':x', ':xyz']) {
    const encoded = Buffer.from(before + secret + after).toString('base64');
    const redacted = redact(`Basic ${encoded}`, [secret]);
    expect(redacted).toContain('********');
    // Only the neighbouring bytes and the bits shared with them remain.
    const left = redacted.replace('Basic ', '').replace('********', '');
    expect(left.length).toBeLessThanOrEqual(Buffer.from(before + after).toString('base64').length + 4);
  }
});

it('removes the credential of an Authorization value', () => {
  expect(redact('token abcdef is expired', ['Bearer abcdef'])).toBe('token ******** is expired');
  const basic = `Basic ${Buffer.from('me:hunter22').toString('base64')}`;
  expect(redact('bad password hunter22', [basic])).toBe('bad password ********');
});

it('removes path, query and long parts of a secret URL', () => {
  const robot = 'https://chat.example.com/hook/0123456789abcdef?key=k-12345678&v=1';
  for (const [message, left] of [
    [`POST ${new URL(robot).pathname}${new URL(robot).search} failed`, 'POST ******** failed'],
    ['no such key k-12345678', 'no such key ********'],
    ['0123456789abcdef is off', '******** is off'],
    ['chat.example.com has no v=1 hook', 'chat.example.com has no v=1 hook'],
  ]) {
    expect(redact(message ?? '', [robot])).toBe(left);
  }
});

it('removes the secret parts of a URL and no ordinary words', () => {
  const robot = 'https://robots.example/cgi-bin/webhook/send?key=693a91f6-7b0e-4b5b-9d3f-5f4c2a1b0e9d&v=1';
  expect(redact('the key 693a91f6-7b0e-4b5b-9d3f-5f4c2a1b0e9d of this webhook is invalid', [robot])).toBe(
    'the key ******** of this webhook is invalid',
  );
  const hook = 'https://hooks.example/services/T000/B000/XyzXyzXyzXyz1234';
  expect(redact('no service XyzXyzXyzXyz1234 in services', [hook])).toBe('no service ******** in services');
  expect(redact('send to https:// or http://[', ['https://', 'http://['])).toBe('send to ******** or ********');
});

it('removes the longest of overlapping secrets, each time it occurs', () => {
  expect(redact('abcdefgh abcd abcdefgh', ['abcd', 'abcdefgh'])).toBe('******** ******** ********');
});

it('text stays unchanged if secrets are short or absent', () => {
  expect(redact('an apple', ['an', ''])).toBe('an apple');
  expect(redact('an apple', [])).toBe('an apple');
});

it('secrets are matched literally', () => {
  expect(redact('aaaa .*+?', ['.*+?'])).toBe('aaaa ********');
});

it('removes secrets from all texts of an outcome', () => {
  const outcome = {
    kind: 'rejected',
    code: '400',
    message: 'no hunter22',
    excerpt: '<hunter22>',
    partial: ['hunter22'],
  };
  expect(redactOutcome(outcome as never, ['hunter22'])).toEqual({
    kind: 'rejected',
    code: '400',
    message: 'no ********',
    excerpt: '<********>',
    partial: ['********'],
  });
  expect(redactOutcome({ kind: 'delivered' }, ['hunter22'])).toEqual({ kind: 'delivered' });
});

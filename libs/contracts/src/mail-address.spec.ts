import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MailAddress, parseMailAddress } from './mail-address.js';

it.each<[string, MailAddress]>([
  ['ops@example.org', { address: 'ops@example.org' }],
  [' ops@example.org ', { address: 'ops@example.org' }],
  ['Ops <ops@example.org>', { address: 'ops@example.org', name: 'Ops' }],
  ['<ops@example.org>', { address: 'ops@example.org' }],
  ['运维, 夜班 <ops@example.org>', { address: 'ops@example.org', name: '运维, 夜班' }],
  ['"Ops \\"night\\", <one>" <ops@example.org>', { address: 'ops@example.org', name: 'Ops "night", <one>' }],
  ['First.Last+tag@Example.ORG', { address: 'First.Last+tag@example.org' }],
  ['ops@münchen.example', { address: 'ops@xn--mnchen-3ya.example' }],
  ['ops@例子.测试', { address: 'ops@xn--fsqu00a.xn--0zwm56d' }],
  ['root@localhost', { address: 'root@localhost' }],
  ["o'brien@example.org", { address: "o'brien@example.org" }],
])('%s is parsed', (text, address) => expect(parseMailAddress(text)).toEqual(address));

it.each([
  '',
  'ops',
  '@example.org',
  'ops@',
  'ops@@example.org',
  'a b@example.org',
  'ops@exa mple.org',
  'ops@example..org',
  'ops@-example.org',
  'ops@example.org, other@example.org',
  'ops@example.org>',
  '<ops@example.org',
  'a <ops@example.org> b',
  'a <b> <ops@example.org>',
  '.ops@example.org',
  'o..ps@example.org',
  'ops@[127.0.0.1]',
  '"a b"@example.org',
  'öps@example.org',
  'ops@example.org\r\nBcc: other@example.org',
  'Ops\r\nBcc: other@example.org <ops@example.org>',
  'Ops\u2028 <ops@example.org>',
  'Ops\0 <ops@example.org>',
  '\ud800 <ops@example.org>',
  `${'a'.repeat(65)}@example.org`,
  `ops@${'a'.repeat(64)}.org`,
  `ops@${'a.'.repeat(130)}org`,
  `${'n'.repeat(201)} <ops@example.org>`,
])('%j is not an address', (text) => expect(parseMailAddress(text)).toBeUndefined());

it('an address never contains a character that ends a command, a header or a list', () => {
  const pieces = fc.constantFrom(
    'a',
    '@',
    '.',
    '<',
    '>',
    '"',
    '\\',
    ',',
    ';',
    ' ',
    '\r',
    '\n',
    '\0',
    'é',
    '。',
    '@b.c',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (all) => {
      const parsed = parseMailAddress(all.join(''));
      if (parsed) expect(parsed.address).toMatch(/^[^\s@<>",;\\\p{Cc}\P{ASCII}]+@[a-z0-9.-]+$/u);
    }),
    { numRuns: 5_000 },
  );
});

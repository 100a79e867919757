import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeValue } from './escapings.js';

const written = (text: string) => escapeValue(text, 'markdown');
const seen = (text: string) => text.replaceAll('\u200b', '');

it.each([
  'CPU above 90 % on host-42',
  'rate(http_requests_total{job="api"}[5m]) < 0.5 and x <= 3 or x <5',
  'my_metric_name *2* ~x~ `code` a@b.example @all 温度过高 👩‍👩‍👧 مرحبا',
  'https://monitor.example/graph?g0.expr=up&g0.tab=1#top',
  '- a\n- b\n1. c',
  'disk[0]/dev (sda)',
  '\tindented\n\nparagraph',
])('leaves %j as it is', (text) => expect(written(text)).toBe(text));

it.each([
  '<@all>',
  '<at id=all></at>',
  '<at id="all"/>',
  '<a href="http://evil">x</a>',
  '<font color="red">x</font>',
  '<!channel>',
  '<',
  '[x](http://evil)',
  '![x](http://evil/a.png)',
  '[x][y]',
  '[y]: http://evil',
  '# heading',
  'text\n  ## heading',
  'text\n====',
  'text\n---\n',
  '> quotation',
  '```\nfence',
  '~~~',
  '&lt;at id=all&gt;',
  '&#60;at id=all>',
  'query[5m]',
])('takes the power from %j, and it still reads so', (text) => {
  expect(written(text)).not.toBe(text);
  expect(seen(written(text))).toBe(text);
});

it('markdown stays escaped after providers drop control characters', () => {
  expect(written('<\u0000@all>')).toBe('<\u200b@all>');
  expect(written(']\u0007(x)')).toBe(']\u200b(x)');
  expect(written('a\r# b\u2028# c\u0085# d\r\n# e')).toBe('a\n\u200b# b\n\u200b# c\n\u200b# d\n\u200b# e');
});

const pieces = fc.constantFrom(
  ...[
    '<',
    '@',
    'at id=all',
    'a href="http://evil"',
    '>',
    '</',
    '[',
    'x',
    ']',
    '(',
    'http://evil',
    ')',
    '!',
    '#',
    ' ',
    '\n',
  ],
  ...[
    '---',
    '===',
    '```',
    '~~~',
    ':',
    '&',
    'lt',
    ';',
    '#60;',
    '\t',
    '\r',
    '\u2028',
    '\u0000',
    '\u001b',
    '\ufeff',
    '\ud83d',
    '温',
    '1',
    '=',
  ],
);
const values = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));
/** Syntax that markdown parsers recognise, read liberally. */
const POWERS = [
  /<[^\s\d=\u200b]/,
  /\]\(/,
  /\]\[/,
  /\]:/,
  /^\s{0,3}#/m,
  /^\s{0,3}>/m,
  /^\s{0,3}(```|~~~)/m,
  /&#?\w+;/,
  /^[ \t]*(=+|-+)[ \t]*$/m,
];

it('no value, alone or beside another, becomes a tag, mention, link, heading, quotation or fence', () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const text = written(one) + written(other);
      const line = `- ${written(one)}`;
      for (const power of POWERS) expect(written(one)).not.toMatch(power);
      for (const power of POWERS.slice(0, 4)) expect([text, line].join('\n')).not.toMatch(power);
    }),
    { numRuns: 5_000 },
  );
});

it('escaping takes linear time', () => {
  const begin = performance.now();
  for (const one of [
    '\n',
    ' ',
    '\n ',
    '<',
    '[',
    ']',
    '](',
    '-',
    '=',
    '- ',
    '&',
    '&a',
    '#',
    '`',
    '>',
    '\r',
    '\u2028',
    '\t',
  ]) {
    written(one.repeat(200_000));
  }
  expect(performance.now() - begin).toBeLessThan(5_000);
});

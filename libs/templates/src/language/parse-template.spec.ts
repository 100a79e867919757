import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { USER_LIMITS } from './meter.js';
import { parseTemplate } from './parse-template.js';
import { TemplateError } from './template-error.js';
import { sampleVariables } from './variables.sample.js';

const refusal = (source: string): TemplateError => {
  try {
    parseTemplate(source);
  } catch (error) {
    if (error instanceof TemplateError) return error;
  }
  return expect.unreachable(`accepted: ${source.slice(0, 80)}`);
};

describe('an error names the mistake and its position', () => {
  it.each<[string, number, number, RegExp]>([
    ['a\n  {{ nope }}', 2, 6, /unknown variable "nope"; variables are policy, policy_name.* and those of \{% set %\}/],
    ['{{ x }}{% set x = 1 %}', 1, 4, /unknown variable "x"/],
    ['{% for i in labels %}{% endfor %}{{ i }}', 1, 37, /unknown variable "i"/],
    ['{{ loop.index }}', 1, 4, /loop exists only inside \{% for %\}/],
    ['{% for i in labels %}{{ loop.count }}{% endfor %}', 1, 30, /its fields are index, index0/],
    ['{{ alert.nope }}', 1, 10, /unknown variable "nope"/],
    ['{{ policy.constructor }}', 1, 11, /"policy" has no fields/],
    ['{{ labels.a.b }}', 1, 13, /labels\["a\.b"\]/],
    ['{{ title.toUpperCase() }}', 1, 21, /method calls are not supported.*write \| upper/],
    ['{% for k, v in labels.items() %}{% endfor %}', 1, 28, /write \{% for name, value in labels %\}/],
    ['{{ policy | indent }}', 1, 13, /unknown filter "indent"; filters are abs, capitalize/],
    ['{{ policy | upper(1) }}', 1, 13, /upper takes no arguments/],
    ['{{ starts_at | date(zone="UTC") }}', 1, 21, /no argument "zone"; it takes at most format, tz/],
    ['{{ starts_at | date("YYYY", "Mars/Base") }}', 1, 29, /unknown time zone "Mars\/Base"/],
    ['{{ policy is callable }}', 1, 14, /unknown test "callable" after is; tests are defined/],
    ['{{ policy is divisibleby(1, 2) }}', 1, 25, /takes one argument/],
    ['{{ (policy, level) }}', 1, 4, /parentheses hold one value/],
    ['{{ policy', 1, 1, /ends before/],
    ['a #} b', 1, 3, /without/],
    ['{{ r/x/ }}', 1, 4, /regular expressions are not supported/],
    ['{{ r/(/ }}', 1, 1, /regular expression/i],
    ['x {{ policy.', 1, 3, /ends before/],
    ['{{ policy }', 1, 11, /expected variable end|unexpected/],
    ['{{ }}', 1, 4, /unexpected/],
    ['{# never closed', 1, 1, /end of comment|ends before/],
    ['{{ "never closed', 1, 1, /ends before|variable end/],
    ['a\n{% if policy %}{% if level %}x{% endif %}', 2, 1, /\{% if %\} without \{% endif %\}/],
    ['{% for i in labels %}', 1, 1, /\{% for %\} without \{% endfor %\}/],
    ['{% include "/etc/passwd" %}', 1, 4, /\{% include %\} is not supported; tags are \{\{ \}\}, \{% if %\}/],
    ['{% nonsense %}', 1, 4, /unknown block tag: nonsense/],
    ['a {% raw %}b', 1, 3, /raw %\} without/],
    ['a {% endraw %}', 1, 3, /without/],
    ['{% raw %}{% raw %}', 1, 10, /\{% raw %\} inside \{% raw %\}/],
    ['{%- raw %}b{% endraw %}', 1, 1, /write \{% raw %\}/],
    ['{% verbatim %}b{% endverbatim %}', 1, 1, /write \{% raw %\}/],
    ['{{ .Labels.instance }}', 1, 4, /unexpected token: \.; variables have no leading dot/],
    ['{% if level = "x" %}a{% endif %}', 1, 15, /compare values with ==/],
    ['{% if value && level %}a{% endif %}', 1, 16, /write `and` instead of &&/],
    ['{% if value || level %}a{% endif %}', 1, 14, /got pipe; write `or` instead of \|\|/],
    ['{% set labels.x = 1 %}', 1, 14, /^line 1, column 14: this cannot be set/],
    ['{{ starts_at | date("yyyy-MM-dd") }}', 1, 21, /unknown letter y/],
    ['{% set loop = 1 %}', 1, 8, /"loop" cannot be set/],
    ['{% set alert = 1 %}', 1, 8, /"alert" cannot be set/],
    ['{% for __proto__ in labels %}{% endfor %}', 1, 8, /"__proto__" cannot be set/],
  ])('%j', (source, line, column, message) => {
    const error = refusal(source);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`line ${error.line}, column ${error.column}`);
    expect([error.line, error.column]).toEqual([line, column]);
  });
});

describe('parsing takes bounded time for any input', () => {
  it.each<[string, string]>([
    ['too long', 'x'.repeat(65_537)],
    ['too deep', `{{ ${'('.repeat(60_000)} }}`],
    ['too deep in lists', `{{ ${'['.repeat(60_000)} }}`],
    ['too deep, but closed', `{{ ${'['.repeat(300)}${']'.repeat(300)} }}`],
    ['too deep in operators', `{{ 1${' ~ 1'.repeat(300)} }}`],
    ['too many parts', '{{value}}'.repeat(7_000)],
    ['too many loops within each other', '{% for a in labels %}'.repeat(3) + '{% endfor %}'.repeat(3)],
    ['many minus signs', `{{ ${'-'.repeat(60_000)}1 }}`],
    ['many not', `{{ ${'not '.repeat(15_000)}1 }}`],
    ['a raw that never ends', '{% raw %}'.repeat(7_000)],
    ['many raws', '{% raw %}{% endraw %}'.repeat(3_000)],
    ['blanks', `{{ policy -}}${' '.repeat(60_000)}x{{- policy }}`],
    ['blanks in a tag', `{%${' '.repeat(60_000)}raw %}`],
    ['openings', '{{'.repeat(32_000)],
    ['open tags', '{% if policy %}'.repeat(4_000)],
    ['commas', `{{ [${','.repeat(60_000)}] }}`],
  ])('%s', (_name, source) => {
    const began = performance.now();
    refusal(source);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

it('an accepted template compiles and renders to a text or an error; any other is refused', () => {
  const engine = createEngine(parseTemplate);
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '-',
      ' ',
      '\n',
      '|',
      '.',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '\\',
      ',',
      '`',
      ';',
    ],
    ...[
      'policy',
      'labels',
      'alert',
      'constructor',
      '__proto__',
      'none',
      'true',
      '1',
      '1.5',
      'r/',
      '==',
      '~',
      '+',
      '{',
      '}',
    ],
    ...[
      '{{ ',
      ' }}',
      '{% if ',
      '{% else %}',
      '{% endif %}',
      '{% for x in ',
      '{% endfor %}',
      '{% set x = ',
      '{% set x %}',
    ],
    ...[
      '{% endset %}',
      'x',
      'loop.index',
      'in',
      'not',
      'is',
      'and',
      'if',
      'else',
      'range(3)',
      '| tojson',
      '| join',
      '| date',
      ' %}',
    ],
  );
  const sources = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    fc.array(pieces, { maxLength: 8 }).map((all) => `{{ ${all.join(' ')} }}`),
  );
  fc.assert(
    fc.property(sources, (source) => {
      try {
        parseTemplate(source);
      } catch (error) {
        return error instanceof TemplateError && error.message.length > 5;
      }
      engine.compile(source);
      try {
        return typeof engine.render(source, sampleVariables, undefined, USER_LIMITS) === 'string';
      } catch (error) {
        return error instanceof TemplateError;
      }
    }),
    { numRuns: 20_000 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from './compile-template.js';
import { TemplateError } from './template-error.js';
import { TEMPLATE_VARIABLES } from './variables.js';
import { sampleVariables } from './variables.sample.js';

const render = (source: string, overrides = {}, escaping?: 'url') =>
  compileTemplate(source).render({ ...sampleVariables, ...overrides }, escaping);
const refusal = (source: string): TemplateError => {
  try {
    compileTemplate(source);
  } catch (error) {
    if (error instanceof TemplateError) return error;
  }
  return expect.unreachable(`accepted: ${source.slice(0, 80)}`);
};

describe('renders', () => {
  it.each<[string, string]>([
    ['', ''],
    ['plain { } {x} %} }} text', 'plain { } {x} %} }} text'],
    ['{{ policy }}/{{level}}', 'cpu-high/fatal'],
    ['a  {{- " " -}}  b{# a comment #}.', 'a b.'],
    ['{{ value }}{{ unit }}', '93.4%'],
    ['{{ labels.region }} {{ labels["a.b"] }} {{ labels["1"] }}', 'gz dotted one'],
    ['[{{ labels.missing }}]', '[]'],
    [
      '{{ labels }}',
      '{"region":"gz","a.b":"dotted","1":"one"}'.replace(/.*/, (text) => JSON.stringify(JSON.parse(text))),
    ],
    ['{{ title | tojson }}', '"CPU \\"high\\"\\n"'],
    ['{{ labels.missing | tojson }}', 'null'],
    ['{{ "literal" }}{{ 1 }}{{ none }}{{ "x" | tojson }}', 'literal1"x"'],
    ['{{ alert.policy }} {{ alert.labels.region }}', 'cpu-high gz'],
    ['{{ "{{" }} policy }}', '{{ policy }}'],
  ])('%j', (source, expected) => expect(render(source)).toBe(expected));

  it('null and missing values as nothing, and as null in JSON', () => {
    expect(render('[{{ value }}]', { value: null })).toBe('[]');
    expect(render('[{{ value | tojson }}]', { value: null })).toBe('[null]');
  });

  it('alert as an object with every variable but itself', () => {
    const names = TEMPLATE_VARIABLES.map((variable) => variable.name).filter((name) => name !== 'alert');
    expect(Object.keys(JSON.parse(render('{{ alert | tojson }}')))).toEqual(names);
  });

  it('values percent-encoded in a URL, and the text around them as it stands', () => {
    const value = 'a/b?c=d&e#f g%h:@é\ud800..';
    expect(render('http://h/{{ object }}/x y', { object: value }, 'url')).toBe(
      'http://h/a%2Fb%3Fc%3Dd%26e%23f%20g%25h%3A%40%C3%A9%EF%BF%BD../x y',
    );
  });
});

describe('reaches nothing but its variables', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__', 'prototype'])(
    'labels.%s is empty',
    (key) => {
      expect(render(`[{{ labels.${key} }}{{ labels["${key}"] }}{{ annotations.${key} }}]`)).toBe('[]');
    },
  );

  it('a label of such a name is a label', () => {
    const labels = JSON.parse('{"__proto__": "p", "constructor": "c"}');
    expect(render('{{ labels.__proto__ }}{{ labels.constructor }}', { labels })).toBe('pc');
  });

  it.each([
    '{{ constructor }}',
    '{{ range }}',
    '{{ range.constructor("return 1")() }}',
    '{{ policy.constructor }}',
    '{{ labels.constructor.constructor("return process")() }}',
    '{{ labels["con" + "structor"] }}',
    '{{ alert["constructor"] }}',
    '{{ joiner() }}',
    '{{ self }}',
    '{{ policy | safe }}',
    '{{ policy | tojson | safe }}',
    '{{ policy | tojson(2) }}',
    '{{ (policy) }}',
    '{{ [policy] }}',
    '{{ {"a": policy} }}',
    '{{ policy ~ level }}',
    '{{ policy if level }}',
    '{{ not policy }}',
    '{{ policy == level }}',
    '{{ policy in labels }}',
    '{{ -value }}',
    '{{ r/x/ }}',
    '{{ labels[policy] }}',
    '{% for i in labels %}{% endfor %}',
    '{% if policy %}{% endif %}',
    '{% set x = 1 %}',
    '{% include "/etc/passwd" %}',
    '{% extends "x" %}',
    '{% import "x" as y %}',
    '{% macro x() %}{% endmacro %}',
    '{% block x %}{% endblock %}',
    '{% filter tojson %}{% endfilter %}',
    '{% call x() %}{% endcall %}',
    '{% switch policy %}{% case 1 %}{% endswitch %}',
    '{% nonsense %}',
  ])('refuses %s', (source) => expect(refusal(source).line).toBe(1));
});

describe('says what is wrong and where', () => {
  it.each<[string, number, number, RegExp]>([
    ['a\n  {{ nope }}', 2, 6, /no variable "nope"; there are policy, policy_name/],
    ['{{ policy', 1, 1, /ends before/],
    ['a #} b', 1, 3, /closes nothing/],
    ['{{ r/(/ }}', 1, 1, /regular expression/i],
    ['a {% raw %}b{% endraw %}', 1, 3, /raw is not available/],
    ['x {{ policy.', 1, 3, /ends before/],
    ['{{ policy }', 1, 11, /expected variable end|unexpected/],
    ['{{ }}', 1, 4, /unexpected/],
    ['{{ policy | upper }}', 1, 13, /filter "upper" is not available yet/],
    ['{% if policy %}x{% endif %}', 1, 4, /tags such as \{% if %\} are not available yet/],
    ['ab{{ range(3) }}', 1, 11, /calls are not available/],
    ['{# never closed', 1, 1, /end of comment|ends before/],
    ['{{ "never closed', 1, 1, /ends before|variable end/],
  ])('%j', (source, line, column, message) => {
    const error = refusal(source);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`line ${error.line}, column ${error.column}`);
    expect([error.line, error.column]).toEqual([line, column]);
  });
});

describe('ends soon, whatever is thrown at it', () => {
  it.each<[string, string]>([
    ['too long', 'x'.repeat(65_537)],
    ['too deep', `{{ ${'('.repeat(60_000)} }}`],
    ['too deep in lists', `{{ ${'['.repeat(60_000)} }}`],
    ['too many parts', '{{value}}'.repeat(7_000)],
    ['many minus signs', `{{ ${'-'.repeat(60_000)}1 }}`],
    ['many not', `{{ ${'not '.repeat(15_000)}1 }}`],
    ['a raw that never ends', '{% raw %}'.repeat(7_000)],
    ['many raws', '{% raw %}\n'.repeat(3_000) + '{% endraw %}'.repeat(2_000)],
    ['blanks', `{% raw %}${`{%${' '.repeat(30)}`.repeat(2_000)}`],
    ['openings', '{{'.repeat(32_000)],
  ])('%s', (_name, source) => {
    const begin = performance.now();
    refusal(source);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('fails where the result would be too long', () => {
    const content = 'x'.repeat(60_000);
    expect(render('{{ content }}'.repeat(4), { content })).toHaveLength(240_000);
    expect(() => render('{{ content }}'.repeat(5), { content })).toThrow(TemplateError);
  });
});

it('compiles a template once, and forgets those not used', () => {
  const compiled = compileTemplate('{{ policy }} once');
  for (let i = 0; i < 400; i++) compileTemplate(`{{ policy }} ${i}`);
  expect(compileTemplate('{{ policy }} once')).toBe(compiled);
  for (let i = 0; i < 2_000; i++) compileTemplate(`{{ policy }} ${i}`);
  expect(compileTemplate('{{ policy }} once')).not.toBe(compiled);
});

it('either renders a text or says what is wrong, whatever it is given', () => {
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
      'tojson',
      '.',
      '[',
      ']',
      '(',
      ')',
      '"',
      "'",
      '\\',
      ',',
    ],
    ...[
      'policy',
      'labels',
      'alert',
      'constructor',
      '__proto__',
      'if',
      'for',
      'in',
      'not',
      'none',
      'true',
      '1',
      '1.5',
      'r/',
    ],
  );
  const sources = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(sources, (source) => {
      try {
        return typeof render(source) === 'string';
      } catch (error) {
        return error instanceof TemplateError && /^line \d+, column \d+: ./s.test(error.message);
      }
    }),
    { numRuns: 20_000 },
  );
});

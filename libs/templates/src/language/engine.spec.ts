import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { type Limits, USER_LIMITS } from './meter.js';
import { parseTemplate } from './parse-template.js';
import { TemplateError } from './template-error.js';
import { TEMPLATE_VARIABLES } from './variables.js';
import { sampleVariables } from './variables.sample.js';

const engine = createEngine(parseTemplate);
const render = (source: string, overrides = {}, escaping?: 'url', limits: Limits = USER_LIMITS) =>
  engine.render(source, { ...sampleVariables, ...overrides }, escaping, limits);

describe('renders', () => {
  it.each<[string, string]>([
    ['', ''],
    ['plain { } {x} %} }} text', 'plain { } {x} %} }} text'],
    ['{{ policy }}/{{level}}', 'cpu-high/fatal'],
    ['a  {{- " " -}}  b{# a comment #}.', 'a b.'],
    ['{{ value }}{{ unit }}', '93.4%'],
    ['{{ labels.region }} {{ labels["a.b"] }} {{ labels["1"] }} {{ labels[1] }}', 'gz dotted one one'],
    ['{{ labels["a" ~ ".b"] }} {{ title[0] }} {{ title.length }}', 'dotted C 11'],
    ['[{{ labels.missing }}]', '[]'],
    ['{{ labels }}', JSON.stringify(sampleVariables.labels)],
    ['{{ [1, "a", none] }} {{ {"a": 1, b: [2]} }}', '[1,"a",null] {"a":1,"b":[2]}'],
    ['{{ "literal" }}{{ 1 }}{{ none }}{{ "x" | tojson }}{{ true }}{{ 1.5 }}', 'literal1"x"true1.5'],
    ['{{ alert.policy }} {{ alert.labels.region }} {{ alert["level"] }}', 'cpu-high gz fatal'],
    ['{{ "{{" }} policy }}{% raw %} {{ policy }} {% if %}{% endraw %}', '{{ policy }} {{ policy }} {% if %}'],
    ['{% raw %}a\nb{% endraw %}\n{{ level }}', 'a\nb\nfatal'],
    ['{{ "quotes \\" and \\\\ and \u2028 `" }}', 'quotes " and \\ and \u2028 `'],
  ])('values: %j', (source, expected) => expect(render(source)).toBe(expected));

  it.each<[string, string]>([
    ['{% if level == "fatal" %}A{% elif level == "error" %}B{% else %}C{% endif %}', 'A'],
    ['{% if value > 90 and suppressed_count %}A{% endif %}{% if not value %}B{% endif %}', 'A'],
    ['{% if labels %}A{% endif %}{% if annotations %}B{% endif %}{% if ends_at %}C{% endif %}', 'A'],
    ['{{ "yes" if value >= 90 else "no" }}{{ "x" if ends_at }}', 'yes'],
    [
      '{{ not 1 == 2 }} {{ 1 < 2 < 3 }} {{ "b" > "a" }} {{ 10 == "10" }} {{ 10 === "10" }}',
      'true true true true false',
    ],
    ['{{ "gz" in labels }} {{ "region" in labels }} {{ "CPU" in title }} {{ 2 in [1, 2] }}', 'false true true true'],
    ['{{ "x" not in [1] }} {{ "constructor" in labels }}', 'true false'],
    ['{{ 7 / 2 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ 2 ** 3 }} {{ 2 + 3 * 4 }} {{ (2 + 3) * 4 }}', '3.5 3 3 8 14 20'],
    ['{{ 10 - 2 - 3 }} {{ 10 - 2 + 3 }} {{ - -1 }} {{ "a" ~ 1 + 2 }} {{ 1 ~ 2 }} {{ "a" + 1 }}', '5 11 1 a3 12 a1'],
    ['{{ labels.missing or "none" }} {{ policy and level }} {{ {} or "empty" }}', 'none fatal empty'],
    [
      '{{ value is number }} {{ ends_at is none }} {{ ends_at is null }} {{ 4 is divisibleby(2) }}',
      'true true true true',
    ],
    ['{{ labels.x is defined }} {{ labels.x is not defined }} {{ 3 is odd }} {{ 3 is gt 2 if 0 else 3 is gt(2) }}', ''],
  ])('conditions and operators: %j', (source, expected) => {
    if (expected === '') expect(() => render(source)).toThrow(TemplateError);
    else expect(render(source)).toBe(expected);
  });

  it.each<[string, string]>([
    [
      '{% for i in [1, 2, 3] %}{{ loop.index }}:{{ i }}{% if not loop.last %}, {% endif %}{% endfor %}',
      '1:1, 2:2, 3:3',
    ],
    ['{% for name, text in labels | dictsort %}{{ name }}={{ text }};{% endfor %}', '1=one;a.b=dotted;region=gz;'],
    ['{% for name in labels %}{{ name }};{% endfor %}', '1;region;a.b;'],
    ['{% for name, text in annotations %}x{% else %}none{% endfor %}', 'none'],
    ['{% for x in ends_at %}x{% else %}none{% endfor %}', 'none'],
    ['{% for c in "añ😀" %}[{{ c }}]{% endfor %}', '[a][ñ][😀]'],
    [
      '{% for i in range(3) %}{% for j in range(1, 7, 3) %}{{ i }}{{ j }} {% endfor %}{% endfor %}',
      '01 04 11 14 21 24 ',
    ],
    ['{% set n = 0 %}{% for i in range(4) %}{% set n = n + i %}{% endfor %}{{ n }}', '6'],
    ['{% set a, b = "x" %}{{ a }}{{ b }}{% set c %}[{{ a }}]{% endset %}{{ c }}', 'xx[x]'],
    ['{% filter upper %}{{ level }}!{% endfilter %}', 'FATAL!'],
    ['{% for a, b in [[1, 2], [3]] %}{{ a }}-{{ b }};{% endfor %}', '1-2;3-;'],
  ])('loops and names: %j', (source, expected) => expect(render(source)).toBe(expected));

  it('null and missing values as an empty text, and as null in JSON', () => {
    expect(render('[{{ value }}]', { value: null })).toBe('[]');
    expect(render('[{{ value | tojson }}]', { value: null })).toBe('[null]');
    expect(render('{{ labels.missing | tojson }}')).toBe('null');
  });

  it('alert as an object with all variables except alert', () => {
    const names = TEMPLATE_VARIABLES.map((variable) => variable.name).filter((name) => name !== 'alert');
    expect(Object.keys(JSON.parse(render('{{ alert | tojson }}')))).toEqual(names);
  });
});

describe('in a URL', () => {
  it('values are percent-encoded and the text around them is unchanged', () => {
    const value = 'a/b?c=d&e#f g%h:@é\ud800..';
    expect(render('http://h/{{ object }}/x y', { object: value }, 'url')).toBe(
      'http://h/a%2Fb%3Fc%3Dd%26e%23f%20g%25h%3A%40%C3%A9%EF%BF%BD../x y',
    );
  });

  it.each([
    ['{{ "a/" ~ policy_name }}', 'a%2FCPU%20high'],
    ['{{ "/?" if level else "" }}', '%2F%3F'],
    ['{{ labels | tojson | length }}{{ [1] }}', '40%5B1%5D'],
    ['{% set x %}a b/{{ policy_name }}{% endset %}{{ x }}', 'a%20b%2FCPU%20high'],
    ['{% filter upper %}a b/{{ policy_name }}{% endfilter %}/', 'A%20B%2FCPU%20HIGH/'],
    ['{% for c in ["&"] %}/{{ c }}{% endfor %}', '/%26'],
  ])('once, wherever they come from: %j', (source, expected) => expect(render(source, {}, 'url')).toBe(expected));

  it('the same template, rendered as text, is not encoded', () => {
    expect([render('{{ title }}', {}, 'url'), render('{{ title }}')]).toEqual(['CPU%20%22high%22%0A', 'CPU "high"\n']);
  });
});

describe('a template', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__', 'prototype'])(
    'reaches nothing by labels.%s',
    (key) => {
      expect(render(`[{{ labels.${key} }}{{ labels["${key}"] }}{{ annotations.${key} }}{{ "x"["${key}"] }}]`)).toBe(
        '[]',
      );
    },
  );

  it('reads a label of such a name', () => {
    const labels = JSON.parse('{"__proto__": "p", "constructor": "c"}');
    expect(render('{{ labels.__proto__ }}{{ labels.constructor }}', { labels })).toBe('pc');
  });

  it('leaves no variable to the next render', () => {
    expect(render('{% set policy = "mine" %}{{ policy }}')).toBe('mine');
    expect(render('{{ policy }}')).toBe('cpu-high');
  });
});

describe('a render ends', () => {
  it('when the result would be too long', () => {
    const content = 'x'.repeat(60_000);
    expect(render('{{ content }}'.repeat(4), { content })).toHaveLength(240_000);
    expect(() => render('{{ content }}'.repeat(5), { content })).toThrow('longer than 262144');
    expect(engine.exhausted).toBe(false);
  });

  it('when it exceeds its work limit', () => {
    const source = '{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}';
    expect(() => render(source)).toThrow('too much work');
    expect(engine.exhausted).toBe(true);
  });

  it('with the position of the filter or call that failed', () => {
    expect(() => render('a\n {{ range(2000) }}')).toThrow('line 2, column 10: range gives at most 1000');
    expect(() => render('{{ labels | select("nope") }}')).toThrow('line 1, column 13: unknown test "nope"');
  });
});

it('compiles a template once, even one that cannot be used', () => {
  let parsed = 0;
  const counting = createEngine((source) => {
    parsed++;
    return parseTemplate(source);
  });
  for (const source of ['{{ policy }}', '{{ policy }}']) counting.compile(source);
  for (const source of ['{{ nope }}', '{{ nope }}'])
    expect(() => counting.compile(source)).toThrow('unknown variable "nope"');
  expect(parsed).toBe(2);
});

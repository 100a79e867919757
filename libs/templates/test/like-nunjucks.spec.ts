import nunjucks from 'nunjucks';
import { expect, it } from 'vitest';
import { createEngine } from '../src/language/engine.js';
import { USER_LIMITS } from '../src/language/meter.js';
import { parseTemplate } from '../src/language/parse-template.js';
import { sampleVariables } from '../src/language/variables.sample.js';

const engine = createEngine(parseTemplate);
const plain = new nunjucks.Environment(null, { autoescape: false });

it.each([
  '{{ policy }} {{- level -}} {{ value }}{{ unit }} {{ labels.region }} {{ labels["a.b"] }} {{ labels.nil }}',
  '{% if level == "fatal" and value > 90 %}A{% elif value %}B{% else %}C{% endif %}{{ "x" if not value else "y" }}',
  '{% for k, v in labels %}{{ loop.index }}/{{ loop.length }} {{ k }}={{ v }}{{ "," if not loop.last }} {% endfor %}',
  '{% for i in range(5, 0, -2) %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ i }};{% else %}none{% endfor %}',
  '{% set n = 1 %}{% set last = 0 %}{% for i in [1, 2, 3] %}{% set n = n * i + 1 %}{% set last = i %}{% endfor %}{{ n }}{{ last }}',
  '{% set text %}a{{ level }}b{% endset %}[{{ text | upper }}]{% filter title %}hello {{ level }}{% endfilter %}',
  '{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 % 4 }} {{ 2 ** 10 }} {{ 0.1 + 0.2 }} {{ (1 + 2) * 3 }} {{ 1 / 3 }}',
  '{{ 1 ~ "a" ~ true }} {{ 1 + 1 }} {{ "1" + 1 }} {{ "b" > "a" }} {{ 10 == "10" }} {{ 10 === "10" }} {{ 1 != 2 }}',
  '{{ "CPU" in title }} {{ "region" in labels }} {{ 3 in [1, 2] }} {{ 3 not in [1, 2] }} {{ none == labels.nil }}',
  '{{ value is number }} {{ title is string }} {{ 4 is even }} {{ 9 is divisibleby(3) }} {{ labels.x is undefined }}',
  '{{ title | lower | trim }} {{ "a-b-c" | replace("-", "+", 1) }} {{ "hello there you" | truncate(11) }} {{ "x" | capitalize }}',
  '{{ [3, 1, 2] | sort | join(",") }} {{ ["b", "a"] | reverse | first }} {{ labels | length }} {{ "abc" | last }}',
  '{{ 3.14159 | round(2) }} {{ -2 | abs }} {{ "42" | int + 1 }} {{ "1.5" | float }} {{ labels.nil | default("d") }}',
  '{{ "<a href=\'x\'>&</a>" | striptags }} {{ "a b" | urlencode }} {{ "a b c" | wordcount }} {{ labels | dump }}',
  '{% raw %}{{ policy }} {% if %}{% endraw %}{# comment #} {%- if true -%} x {%- endif -%} y',
  '{{ policy or "none" }} {{ labels.nil or "none" }} {{ policy and level }} {{ not policy }} {{ true and not false }}',
])('renders what nunjucks renders: %s', (source) => {
  const expected = plain.renderString(source, sampleVariables);
  expect(engine.render(source, sampleVariables, undefined, USER_LIMITS)).toBe(expected);
});

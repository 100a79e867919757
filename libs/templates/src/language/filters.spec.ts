import { describe, expect, it } from 'vitest';
import { createEngine } from './engine.js';
import { TEMPLATE_FILTERS } from './filters.js';
import { USER_LIMITS } from './meter.js';
import { parseTemplate } from './parse-template.js';
import { sampleVariables } from './variables.sample.js';

const engine = createEngine(parseTemplate);
const render = (source: string) => engine.render(source, sampleVariables, undefined, USER_LIMITS);

describe('a filter does what its description says', () => {
  it.each<[string, string]>([
    ['{{ title | tojson }}', '"CPU \\"high\\"\\n"'],
    ['{{ {"a": [1]} | tojson(2) }}', '{\n  "a": [\n    1\n  ]\n}'],
    ['{{ title | tojson | tojson }}', '"\\"CPU \\\\\\"high\\\\\\"\\\\n\\""'],
    ['{{ starts_at | date }}', expect.stringMatching(/^2026-11-\d\d \d\d:00:00 [+-]\d\d:\d\d$/) as unknown as string],
    ['{{ starts_at | date("YYYY/M/D h:mm A [at] Z", "Asia/Shanghai") }}', '2026/11/20 4:00 PM at +08:00'],
    [
      '{{ starts_at | date("%d.%m.%y %H:%M:%S %z %Z %% %j %s", "Asia/Shanghai") }}',
      '20.11.26 16:00:00 +0800 Asia/Shanghai % 324 1795161600',
    ],
    ['{{ starts_at | date(tz="UTC", format="%F %T") }}', '2026-11-20 08:00:00'],
    [
      '{{ 1795161600 | date("YYYY-MM-DD", "UTC") }} {{ 1795161600000 | date("HH", "UTC") }} {{ "0" | date("YYYY", "UTC") }}',
      '2026-11-20 08 1970',
    ],
    ['{{ "2026-07-01T00:00:00+02:00" | date("MMM D HH:mm Z", "America/New_York") }}', 'Jun 30 18:00 -04:00'],
    [
      '{{ "2026-03-29T00:59:59Z" | date("HH:mm Z", "Europe/Berlin") }} {{ "2026-03-29T01:00:00Z" | date("HH:mm Z", "Europe/Berlin") }}',
      '01:59 +01:00 03:00 +02:00',
    ],
    ['{{ "host 42" | date }}|{{ ends_at | date }}|{{ "2026-13-45" | date }}', 'host 42||2026-13-45'],
    [
      '{{ 0 | duration }} {{ 45 | duration }} {{ 90 | duration }} {{ "7500" | duration }} {{ 273600 | duration }}',
      '0s 45s 1m 30s 2h 5m 3d 4h',
    ],
    [
      '{{ 3600 | duration }} {{ 86700 | duration }} {{ -90.4 | duration }} {{ 59.6 | duration }} {{ "soon" | duration }}',
      '1h 1d -1m 30s 1m soon',
    ],
    ['{{ ends_at | default("n/a") }} {{ "" | default("x") }}{{ "" | d("x", true) }}', 'n/a x'],
    ['{{ -3 | abs }} {{ value | round }} {{ 2.345 | round(2) }} {{ 2.9 | round(0, "floor") }}', '3 93 2.35 2'],
    ['{{ "42x" | int }} {{ "x" | int(7) }} {{ "ff" | int(base=16) }} {{ "1.5" | float }}', '42 7 255 1.5'],
    [
      '{{ level | upper }} {{ "ABC" | lower }} {{ "hELLO you" | capitalize }} {{ "hello you" | title }}',
      'FATAL abc Hello you Hello You',
    ],
    ['[{{ "  a b " | trim }}] {{ 5 | string ~ 5 }} {{ "<" | safe }}', '[a b] 55 <'],
    ['{{ content | escape }}', 'line 1\nline 2 &lt;b&gt;&amp;\u2028'],
    ['{{ "a\r\nb\nc" | nl2br }}', 'a<br />\nb<br />\nc'],
    ['{{ "<p>a <!-- > --> b</p> < c" | striptags }}', 'a b < c'],
    ['{{ "a b/c" | urlencode }}', 'a%20b%2Fc'],
    [
      '{{ "see https://x.org/?a=1&b <now>" | urlize }}',
      'see <a href="https://x.org/?a=1&amp;b">https://x.org/?a=1&amp;b</a> &lt;now&gt;',
    ],
    ['{{ "one two  three" | wordcount }}', '3'],
    [
      '{{ "one two three" | truncate(9) }} {{ "one two" | truncate(5, true, "…") }} {{ "short" | truncate(9) }}',
      'one two... one t… short',
    ],
    ['{{ "a😀b" | truncate(2, true, "") | length }}', '2'],
    ['{{ "a.b.c" | replace(".", "") }} {{ "aaa" | replace("a", "b", 2) }} {{ 101 | replace(1, 2) }}', 'abc bba 202'],
    ['{{ "abc" | length }} {{ labels | length }} {{ [1, 2] | count }} {{ none | length }}', '3 3 2 0'],
    ['{{ [3, 1, 2] | first }}{{ [3, 1, 2] | last }}{{ "abc" | first }}{{ [] | first }}', '32a'],
    ['{{ "abc" | reverse }} {{ [1, 2] | reverse }} {{ "ab" | list }}', 'cba [2,1] ["a","b"]'],
    [
      '{{ ["a", 1, none] | join(", ") }} {{ [{"n": "x"}, {"n": "y"}] | join("+", "n") }} {{ labels | join(",") }}',
      'a, 1,  x+y 1,region,a.b',
    ],
    [
      '{{ ["b", "A", "c"] | sort }} {{ ["b", "A"] | sort(false, true) }} {{ [2, 10, 1] | sort(reverse=true) }}',
      '["A","b","c"] ["A","b"] [10,2,1]',
    ],
    ['{{ [{"n": 2}, {"n": 1}] | sort(attribute="n") }}', '[{"n":1},{"n":2}]'],
    [
      '{{ {"b": 1, "a": 2} | dictsort }} {{ {"b": 1, "a": 2} | dictsort(by="value") }}',
      '[["a",2],["b",1]] [["b",1],["a",2]]',
    ],
    [
      '{{ ["", "a", none] | select }} {{ [1, 2, 3] | select("gt", 1) }} {{ [1, 2] | reject("even") }}',
      '["a"] [2,3] [1]',
    ],
    ['{{ [1, 2, 3, 4] | slice(3) }} {{ [1, 2, 3, 4] | slice(3, 0) }}', '[[1,2],[3],[4]] [[1,2],[3,0],[4,0]]'],
  ])('%s', (source, expected) => expect(render(source)).toEqual(expected));
});

it('every filter and alias has a description', () => {
  const names = TEMPLATE_FILTERS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['tojson', 'dump', 'date', 'duration', 'd', 'e', 'upper']));
  expect(new Set(names).size).toBe(names.length);
  expect(TEMPLATE_FILTERS.filter(({ description }) => description.length < 5)).toEqual([]);
});

it('an unknown time zone at run time is the zone of the process', () => {
  expect(render('{{ starts_at | date("YYYY", "No/" ~ "Where") }}')).toBe('2026');
});

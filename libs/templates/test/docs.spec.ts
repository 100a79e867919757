import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TEMPLATE_FILTERS } from '../src/language/filters.js';
import { parseTemplate } from '../src/language/parse-template.js';
import { TEST_NAMES } from '../src/language/value-tests.js';
import { TEMPLATE_VARIABLES } from '../src/language/variables.js';

const page = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');
const named = new Set(Array.from(page.matchAll(/`(\w+)(?:\([^`]*\))?`/g), ([, name]) => name));

it('docs/templates.md names every variable, filter and test', () => {
  const names = [...TEMPLATE_VARIABLES, ...TEMPLATE_FILTERS].map(({ name }) => name);
  expect(names.filter((name) => !named.has(name))).toEqual([]);
  const synonyms = ['null', 'equalto', 'sameas', 'greaterthan', 'lessthan'];
  expect(TEST_NAMES.filter((name) => !named.has(name) && !synonyms.includes(name))).toEqual([]);
});

it('the examples of docs/templates.md are valid templates', () => {
  const examples = Array.from(page.matchAll(/```jinja\n([\s\S]*?)```/g), ([, source]) => source as string);
  expect(examples.length).toBeGreaterThan(1);
  for (const source of examples) expect(() => parseTemplate(source)).not.toThrow();
});

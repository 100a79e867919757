import { RE2JS } from 're2js';
import { expect, it } from 'vitest';
import { estimateSteps } from './estimate-steps.js';

it.each([
  'host-\\d+',
  'a{3}b{2,5}c{4,}',
  '(a{0,100}){0,9}',
  '((?:ab|cd){2,30}x){0,10}',
  '[]a]{20}[^\\]b]{3}[[:alpha:]_]{5}',
  '(?i)(?P<name>x{7})\\p{Greek}{3}\\x{10FFFF}\\}{2}',
  '([a-z]{0,30}){0,30}[a-z]{0,300}',
])('is near the size of the program: %s', (source) => {
  const size = RE2JS.compile(source, RE2JS.DOTALL).programSize();
  expect(estimateSteps(source)).toBeGreaterThanOrEqual(size - 6);
  expect(estimateSteps(source)).toBeLessThanOrEqual(2 * size + 10);
});

it('counts a million steps without compiling them', () => {
  expect(estimateSteps(`(?:${'a'.repeat(1_000)}){1000}`)).toBeGreaterThan(1_000_000);
  expect(estimateSteps('('.repeat(500) + ')'.repeat(500))).toBeLessThan(2_000);
  expect(estimateSteps('\\')).toBe(1);
});

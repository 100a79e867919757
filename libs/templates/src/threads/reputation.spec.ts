import { expect, it } from 'vitest';
import { TemplateError } from '../language/template-error.js';
import { Reputation } from './reputation.js';

const reputation = new Reputation(() => 0);
const reputeAfter = (...ms: number[]) => {
  const source = `after ${ms.join(', ')}`;
  for (const one of ms) reputation.record(source, one);
  return reputation.of(source);
};

it('a template is quick or slow by its average render time', () => {
  expect(reputeAfter()).toBe('unknown');
  expect(reputeAfter(0.01)).toBe('quick');
  expect(reputeAfter(3)).toBe('slow');
  expect(reputeAfter(0.01, 5, 0.01, 0.01)).toBe('quick');
  expect(reputeAfter(0.01, 5, 5, 5)).toBe('slow');
  expect(reputeAfter(0.01, 5, 5, 5, ...Array(10).fill(0.01))).toBe('quick');
});

it('a banned template is unknown again after a minute', () => {
  let now = 0;
  const timed = new Reputation(() => now);
  timed.record('x', 0.01);
  timed.ban('x', new TemplateError('too long', 1, 2));
  now = 59_999;
  expect(timed.banOf('x')?.message).toBe('line 1, column 2: too long; it is not rendered again for a minute');
  now = 60_000;
  expect([timed.banOf('x'), timed.of('x')]).toEqual([undefined, 'unknown']);
});

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeIssue, fieldErrors, unstorableText } from './index.js';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  level: z.enum(['fatal', 'info']).optional(),
  count: z.int().min(0).max(10).optional(),
  tags: z.array(z.string()).max(2).optional(),
  brokers: z.union([z.string(), z.array(z.string())]).optional(),
  labels: z.record(z.string().max(3), z.string()).optional(),
});

function errorsOf(value: unknown) {
  const result = schema.safeParse(value, { error: describeIssue });
  return result.success ? [] : fieldErrors(result.error.issues);
}

it('does not repeat a secret sent without quotes', () => {
  const secret = z.object({ key: z.string().min(8).meta({ writeOnly: true }) });
  const result = secret.safeParse({ key: 12345678 }, { error: describeIssue });
  expect(result.error?.issues.map(({ message }) => message)).toEqual(['must be a string, not a number']);
});

describe('fieldErrors', () => {
  it.each([
    [{}, 'name', 'is required and must be a string'],
    [{ name: 5 }, 'name', 'must be a string, not 5'],
    [{ name: '' }, 'name', 'has 0 characters, at least 1 is needed'],
    [{ name: 'too long' }, 'name', 'has 8 characters, at most 5 are allowed'],
    [{ name: 'a', level: 'critical' }, 'level', 'must be one of fatal, info, not "critical"'],
    [{ name: 'a', count: 11 }, 'count', 'is 11, at most 10 is allowed'],
    [{ name: 'a', count: 1.5 }, 'count', 'must be a whole number, not 1.5'],
    [{ name: 'a', tags: ['a', 'b', 'c'] }, 'tags', 'has 3 entries, at most 2 are allowed'],
    [{ name: 'a', tags: ['a', 2] }, 'tags.1', 'must be a string, not 2'],
    [{ name: 'a', polcy: 1 }, 'polcy', 'is not a known field'],
    [{ name: 'a', brokers: 4 }, 'brokers', 'must be a string, not 4, or must be an array, not 4'],
    [{ name: 'a', brokers: ['a', 4] }, 'brokers.1', 'must be a string, not 4'],
    [[], '', 'must be an object, not an array'],
    [null, '', 'must be an object, not null'],
  ])('%j: %s %s', (value, path, message) => {
    expect(errorsOf(value)).toContainEqual({ path, message });
  });

  it('never repeats the text of a string except for a list of allowed words', () => {
    expect(JSON.stringify(errorsOf({ name: 'a', count: 'hunter2', tags: 'hunter2' }))).not.toContain('hunter2');
  });

  it('reports invalid names of a record', () => {
    expect(errorsOf({ name: 'a', labels: { long_name: 'x' } })[0]?.path).toBe('labels.long_name');
  });

  it('limits the number of errors', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 1]));
    expect(errorsOf({ name: 'a', ...many })).toHaveLength(101);
  });
});

describe('unstorableText', () => {
  it('reports the position of NUL characters and lone surrogates', () => {
    const errors = unstorableText({ a: ['x', 'y\0'], b: { c: '\ud800' }, 'n\0': 1, ok: '😀' });
    expect(errors.map((error) => error.path).sort()).toEqual(['a.1', 'b.c', 'n\uFFFD']);
  });

  it('accepts any depth of nesting', () => {
    let deep: unknown = '\0';
    for (let i = 0; i < 500_000; i += 1) deep = [deep];
    expect(unstorableText(deep)[0]?.message).toContain('levels deep');
  });
});

import { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const ARTICLES: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/**
 * Describes an invalid value: what was found and what is allowed. The text of a string is repeated only if one of a list of
 * words was expected; any other text might be a secret in the wrong field.
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is required and must be ${expected(issue.expected)}`
        : `must be ${expected(issue.expected)}, not ${isSecret(issue) ? kindOf(issue.input) : found(issue.input)}`;
    case 'invalid_value':
      return oneOf(issue.values as unknown[], issue.input);
    case 'too_small':
      return `${sizeOf(issue)}, at least ${issue.minimum} ${issue.inclusive === false ? '(exclusive) ' : ''}${amount(issue.origin, Number(issue.minimum))} needed`;
    case 'too_big':
      return `${sizeOf(issue)}, at most ${issue.maximum} ${issue.inclusive === false ? '(exclusive) ' : ''}${amount(issue.origin, Number(issue.maximum))} allowed`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, not ${String(issue.input)}`;
    case 'invalid_format':
      return issue.format === 'regex' && issue.pattern !== undefined
        ? `does not have the form ${issue.pattern}`
        : `is not a valid ${issue.format === 'url' ? 'URL' : issue.format}`;
    default:
      return undefined;
  }
}

const isSecret = ({ inst }: RawIssue): boolean =>
  inst instanceof z.core.$ZodType && z.globalRegistry.get(inst)?.writeOnly === true;

/** Kind of a secret that was sent without quotes, without its value. */
const kindOf = (value: unknown): string => (typeof value === 'number' ? 'a number' : found(value));

/** Kind of a value, without its text. */
export function found(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value);
    case 'string':
      return value === '' ? 'an empty string' : 'a string';
    case 'undefined':
      return 'missing';
    default:
      return 'an object';
  }
}

function expected(kind: string): string {
  return ARTICLES[kind] ?? kind;
}

function oneOf(values: unknown[], input: unknown): string {
  const list = values.map(String).join(', ');
  const allowed = values.length === 1 ? `must be ${list}` : `must be one of ${list}`;
  if (input === undefined) return `is required and ${allowed}`;
  return `${allowed}, not ${typeof input === 'string' ? excerpt(input) : found(input)}`;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function sizeOf(issue: RawIssue & { origin?: string }): string {
  const input = issue.input;
  if (typeof input === 'string') return `has ${count(input.length, 'character')}`;
  if (Array.isArray(input)) return `has ${count(input.length, 'entry', 'entries')}`;
  if (typeof input === 'object' && input !== null) return `has ${count(Object.keys(input).length, 'entry', 'entries')}`;
  return `is ${String(input)}`;
}

function amount(origin: string, limit: number): 'is' | 'are' {
  const isCounted = ['string', 'array', 'set', 'object', 'record', 'map'].includes(origin);
  return isCounted && limit !== 1 ? 'are' : 'is';
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

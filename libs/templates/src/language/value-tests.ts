import { compare, toNumber } from './operators.js';
import { shown, TemplateError } from './template-error.js';

type Test = (value: unknown, argument: unknown) => boolean;

const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', (value) => value !== undefined],
  ['undefined', (value) => value === undefined],
  ['none', (value) => value === null || value === undefined],
  ['null', (value) => value === null || value === undefined],
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['mapping', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  ['iterable', (value) => typeof value === 'string' || Array.isArray(value)],
  ['truthy', (value) => Boolean(value)],
  ['falsy', (value) => !value],
  ['even', (value) => toNumber(value) % 2 === 0],
  ['odd', (value) => Math.abs(toNumber(value) % 2) === 1],
  ['divisibleby', (value, by) => toNumber(value) % toNumber(by) === 0],
  ['lower', (value) => typeof value === 'string' && value === value.toLowerCase()],
  ['upper', (value) => typeof value === 'string' && value === value.toUpperCase()],
  ...synonyms(['eq', 'equalto', 'sameas'], (value, other) => value === other),
  ...synonyms(['ne'], (value, other) => value !== other),
  ...synonyms(['gt', 'greaterthan'], (value, other) => compare('>', value, other)),
  ...synonyms(['ge'], (value, other) => compare('>=', value, other)),
  ...synonyms(['lt', 'lessthan'], (value, other) => compare('<', value, other)),
  ...synonyms(['le'], (value, other) => compare('<=', value, other)),
]);

function synonyms(names: readonly string[], test: Test): [string, Test][] {
  return names.map((name) => [name, test]);
}

/** Names that may follow `is`. */
export const TEST_NAMES: readonly string[] = [...TESTS.keys()];

/** `value is name(argument)` */
export function isTest(name: string, value: unknown, argument: unknown): boolean {
  const test = TESTS.get(name);
  if (!test) throw new TemplateError(`unknown test ${shown(name)}`);
  return test(value, argument);
}

import { expect, it } from 'vitest';
import { isAway, isContention, isDataError, isUniqueViolation } from './database-errors.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });
const fromDriver = (code: string, constraint?: string) =>
  Object.assign(new Error('x'), { driverError: { code, constraint } });

it.each([
  withCode('ECONNREFUSED'),
  withCode('ENOENT'),
  withCode('57P01'),
  withCode('57014'),
  withCode('08006'),
  withCode('53300'),
  withCode('42P01'),
  withCode('42703'),
  withCode('28P01'),
  fromDriver('57P03'),
  Object.assign(new AggregateError([withCode('ECONNREFUSED')]), {}),
  new Error('Connection terminated unexpectedly'),
  new Error('Query read timeout'),
  new Error('timeout exceeded when trying to connect'),
])('%o means that the database is away', (error) => {
  expect(isAway(error)).toBe(true);
  expect(isDataError(error)).toBe(false);
});

it.each([withCode('22021'), withCode('23505'), fromDriver('22P05'), withCode('54000')])(
  '%o is the fault of the data',
  (error) => {
    expect(isDataError(error)).toBe(true);
    expect(isAway(error)).toBe(false);
  },
);

it.each([
  new TypeError('x is not a function'),
  withCode('ERR_INVALID_ARG_TYPE'),
  'text',
  undefined,
  null,
  withCode('40001'),
])('%o is neither', (error) => {
  expect(isAway(error)).toBe(false);
  expect(isDataError(error)).toBe(false);
});

it('recognizes contention, and names the violated constraint', () => {
  expect(isContention(fromDriver('40P01'))).toBe(true);
  expect(isUniqueViolation(fromDriver('23505', 'endpoints_name'), 'endpoints_name')).toBe(true);
  expect(isUniqueViolation(fromDriver('23505', 'other'), 'endpoints_name')).toBe(false);
});

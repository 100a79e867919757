import type { Meter } from './meter.js';
import { TemplateError } from './template-error.js';
import { valueText } from './value-text.js';

/** Truth of a value as in Jinja: an empty list and an empty object are false. */
export function truth(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

/** Converts a value to a number; lists and objects are NaN, since JavaScript's conversion of them is unbounded. */
export function toNumber(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? Number.NaN
    : Number(typeof value === 'function' ? Number.NaN : value);
}

export function calculate(operator: string, left: unknown, right: unknown, meter: Meter): unknown {
  const arithmetic = ARITHMETIC[operator];
  if (arithmetic && !(operator === '+' && (isTextual(left) || isTextual(right)))) {
    return arithmetic(toNumber(left), toNumber(right));
  }
  if (operator !== '~' && operator !== '+') throw new TemplateError(`unknown operator ${operator}`);
  const [a, b] = [valueText(left, meter), valueText(right, meter)];
  meter.allow(a.length + b.length);
  return a + b;
}

const isTextual = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && value !== null);

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
};

export function compare(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '===':
      return left === right;
    case '!==':
      return left !== right;
    case '==':
      return looselyEqual(left, right);
    case '!=':
      return !looselyEqual(left, right);
  }
  if (isObject(left) || isObject(right)) return false;
  const [a, b] =
    typeof left === 'string' && typeof right === 'string' ? [left, right] : [toNumber(left), toNumber(right)];
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

function looselyEqual(left: unknown, right: unknown): boolean {
  const missing = left === undefined || left === null;
  if (missing || right === undefined || right === null) return missing && (right === undefined || right === null);
  if (typeof left === typeof right || isObject(left) || isObject(right)) return left === right;
  return toNumber(left) === toNumber(right);
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** `key in value`: an item of a list, a part of a text or a key of an object; false for a missing value. */
export function isIn(key: unknown, value: unknown, meter: Meter): boolean {
  if (typeof value === 'string') {
    meter.allow(value.length);
    return value.includes(valueText(key, meter));
  }
  if (Array.isArray(value)) {
    meter.spend(value.length);
    return value.includes(key);
  }
  return isObject(value) && (typeof key === 'string' || typeof key === 'number') && Object.hasOwn(value as object, key);
}

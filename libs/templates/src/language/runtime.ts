import type { Escaping, TemplateVariables } from '#libs/contracts';
import { escapeValue } from './escapings.js';
import type { Meter } from './meter.js';
import { calculate, compare, isIn, toNumber, truth } from './operators.js';
import { TemplateError } from './template-error.js';
import { isTest } from './value-tests.js';
import { valueText } from './value-text.js';

/** The variables of a compiled template. */
export class Context {
  readonly variables: TemplateVariables;

  constructor(variables: TemplateVariables) {
    this.variables = variables;
  }

  // Variables that a template sets are stored in its frame.
  setVariable(): void {}
  addExport(): void {}
}

/** Arguments passed by name. */
export class NamedArguments {
  readonly values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values;
  }
}

const RANGE_MAX = 1_000;

/** Functions that templates may call. */
const FUNCTIONS: ReadonlyMap<string, unknown> = new Map([['range', range]]);
const CALLABLE: ReadonlySet<unknown> = new Set(FUNCTIONS.values());

function range(first: unknown, second?: unknown, third?: unknown): number[] {
  const [start, stop, step] = second === undefined ? [0, first, 1] : [first, second, third ?? 1];
  if (typeof start !== 'number' || typeof stop !== 'number' || typeof step !== 'number') {
    throw new TemplateError('range takes numbers');
  }
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (!(length <= RANGE_MAX)) throw new TemplateError(`range gives at most ${RANGE_MAX} numbers`);
  return Array.from({ length }, (_, i) => start + i * step);
}

/**
 * Creates the functions that compiled templates call, in place of nunjucks' own. They reach no prototype, no getter and no
 * function except those above, and convert no value by JavaScript's implicit rules.
 */
export function createRuntime(meter: Meter) {
  const text = (value: unknown) => valueText(value, meter);
  return {
    suppressValue(value: unknown, escaping: Escaping | undefined): string {
      const written = escapeValue(text(value), escaping);
      meter.write(written.length);
      return written;
    },
    memberLookup,
    contextOrFrameLookup(context: Context, frame: { lookup(name: string): unknown }, name: string): unknown {
      const set = frame.lookup(name);
      if (set !== undefined) return set;
      if (Object.hasOwn(context.variables, name)) return memberLookup(context.variables, name);
      return name === 'alert' ? context.variables : FUNCTIONS.get(name);
    },
    callWrap(called: unknown, name: string, _context: unknown, args: unknown[]): unknown {
      if (typeof called !== 'function' || !CALLABLE.has(called)) throw new TemplateError(`${name} cannot be called`);
      const result: unknown[] = Reflect.apply(called, undefined, args);
      meter.spend(result.length);
      return result;
    },
    makeKeywordArgs: (values: Readonly<Record<string, unknown>>) => new NamedArguments(values),
    inOperator: (key: unknown, value: unknown) => isIn(key, value, meter),
    fromIterator: (value: unknown) => value,
    isArray: Array.isArray,
    keys: Object.keys,
    /** Only filters and calls record their position; before the first one no position is known. */
    handleError(error: unknown, line: number, column: number): TemplateError {
      const [l, c] = column > 0 ? [line + 1, column + 1] : [];
      if (!(error instanceof TemplateError)) {
        const reason = error instanceof Error ? error.message : 'unknown';
        return new TemplateError(`the template failed: ${reason}`, l, c, { cause: error });
      }
      return error.line === undefined ? new TemplateError(error.message, l, c) : error;
    },

    // Called by the code that compile-tree.ts adds to nunjucks' own.
    truth,
    both: (left: unknown, right: () => unknown) => (truth(left) ? right() : left),
    either: (left: unknown, right: () => unknown) => (truth(left) ? left : right()),
    calculate: (operator: string, left: unknown, right: unknown) => calculate(operator, left, right, meter),
    negative: (value: unknown) => -toNumber(value),
    positive: (value: unknown) => toNumber(value),
    compare,
    is: (name: string, value: unknown, argument: unknown) => isTest(name, value, argument),
    spend: (steps: number) => meter.spend(steps),
    captured(value: string): string {
      meter.allow(value.length);
      return value;
    },
    /** Items of a loop with one name: those of a list, the characters of a text, or the keys of an object. */
    items(value: unknown): readonly unknown[] {
      if (Array.isArray(value)) return value;
      if (typeof value === 'string') {
        meter.spend(value.length);
        return Array.from(value);
      }
      return typeof value === 'object' && value !== null ? Object.keys(value) : [];
    },
    /** Items of a loop with several names: the lists in a list, or the keys and values of an object. */
    pairs(value: unknown): readonly (readonly unknown[])[] {
      if (Array.isArray(value)) return value.map((item: unknown) => (Array.isArray(item) ? item : [item]));
      return typeof value === 'object' && value !== null ? Object.entries(value) : [];
    },
  };
}
export type Runtime = ReturnType<typeof createRuntime>;

/** Reads a field: own data properties of objects, the length and the characters of a text. */
export function memberLookup(target: unknown, key: unknown): unknown {
  if (typeof key !== 'string' && typeof key !== 'number') return undefined;
  if (typeof target === 'string') {
    return key === 'length' ? target.length : typeof key === 'number' ? target[key] : undefined;
  }
  if (typeof target !== 'object' || target === null) return undefined;
  const value = Object.getOwnPropertyDescriptor(target, key)?.value;
  return typeof value === 'function' ? undefined : value;
}

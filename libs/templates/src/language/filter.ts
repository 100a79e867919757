import type { Meter } from './meter.js';
import { NamedArguments } from './runtime.js';
import { shown, TemplateError } from './template-error.js';
import { valueText } from './value-text.js';

/** A filter, `value | name(arguments)`. It spends work on the meter and asks it before it makes a long text. */
export interface Filter {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Names of its arguments, in order. */
  readonly parameters: readonly string[];
  readonly description: string;
  apply(value: unknown, args: readonly unknown[], meter: Meter): unknown;
}

/** Creates a filter of texts; its input is converted to text. */
export function textFilter(
  name: string,
  parameters: readonly string[],
  description: string,
  apply: (text: string, args: readonly unknown[], meter: Meter) => unknown,
  aliases: readonly string[] = [],
): Filter {
  return {
    name,
    aliases,
    parameters,
    description,
    apply(value, args, meter) {
      const text = valueText(value, meter);
      meter.allow(text.length);
      const result = apply(text, args, meter);
      if (typeof result === 'string') meter.allow(result.length);
      return result;
    },
  };
}

/** Calls a filter for a compiled template, in which named arguments come last. */
export function applyFilter(filter: Filter, meter: Meter, value: unknown, given: readonly unknown[]): unknown {
  const last = given.at(-1);
  if (!(last instanceof NamedArguments)) return filter.apply(value, given, meter);
  const args: unknown[] = given.slice(0, -1);
  for (const [name, argument] of Object.entries(last.values)) {
    const at = filter.parameters.indexOf(name);
    if (at < 0) throw new TemplateError(`the filter ${filter.name} has no argument ${shown(name)}`);
    args[at] = argument;
  }
  return filter.apply(value, args, meter);
}

/** Reads an argument as a whole number within bounds. */
export function wholeNumber(value: unknown, missing: number, min: number, max: number): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : missing;
  return Math.min(max, Math.max(min, number));
}

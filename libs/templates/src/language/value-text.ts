import type { Meter } from './meter.js';

/** Converts a value to text: empty for a missing one, JSON for lists and objects. */
export function valueText(value: unknown, meter: Meter): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || typeof value === 'function') return '';
  return typeof value === 'object' ? jsonText(value, meter) : String(value);
}

/** Converts a value to JSON; a value without a JSON form becomes null. */
export function jsonText(value: unknown, meter: Meter, indent = 0): string {
  spendFor(value, meter);
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  meter.allow(text.length);
  return text;
}

// A list that holds another twice, which holds another twice, is small in memory and unbounded as JSON.
function spendFor(value: unknown, meter: Meter): void {
  meter.spend(typeof value === 'string' ? 1 + value.length / 32 : 1);
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) spendFor(part, meter);
}

/** Percent-encodes a text; a lone surrogate, which cannot be encoded, is replaced. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

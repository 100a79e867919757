import type { Meter } from './meter.js';

/** A value as text: nothing for what is missing, JSON for lists and objects. */
export function valueText(value: unknown, meter: Meter): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || typeof value === 'function') return '';
  return typeof value === 'object' ? jsonText(value, meter) : String(value);
}

/** A value as JSON; what JSON cannot say is null. */
export function jsonText(value: unknown, meter: Meter, indent = 0): string {
  payFor(value, meter);
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  meter.allow(text.length);
  return text;
}

// A list that holds another twice, which holds another twice, is small in memory and endless on paper.
function payFor(value: unknown, meter: Meter): void {
  meter.spend(typeof value === 'string' ? 1 + value.length / 32 : 1);
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) payFor(part, meter);
}

/** By way of bytes where needed: half a surrogate pair cannot be percent-encoded. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

import { expect } from 'vitest';
import type { TemplateVariables } from '#libs/contracts';
import { visible } from '../src/syslog/line.js';

/** Parsed structured data: parameters by element and name. */
export type StructuredData = Record<string, Record<string, string>>;

export const OWN_ELEMENT = 'tocsin@32473';

/** The fields that a message lists as cut. */
export const cutOf = (data: StructuredData): Set<string> => new Set(data[OWN_ELEMENT]?.cut?.split(' '));

/** Expects every variable in the data, except those that the message lists as cut. */
export function expectFieldsBack(variables: TemplateVariables, data: StructuredData): void {
  const { labels, annotations, ...own } = variables;
  const cut = cutOf(data);
  for (const [name, value] of Object.entries(own))
    if (!cut.has(name)) expect(data[OWN_ELEMENT]?.[name] ?? '').toBe(visible(String(value ?? '')));
  for (const [name, record] of Object.entries({ labels, annotations }))
    if (!cut.has(name)) expect(recordIn(data, name)).toEqual(new Map(wellFormed(Object.entries(record))));
}

/** The original record: plain names from its element, the others from JSON. */
function recordIn(data: StructuredData, record: string): Map<string, string> {
  const others = JSON.parse(data[OWN_ELEMENT]?.[`other_${record}`] ?? '{}') as Record<string, string>;
  return new Map(wellFormed([...Object.entries(data[`${record}@32473`] ?? {}), ...Object.entries(others)]));
}

const wellFormed = (entries: readonly [string, string][]): [string, string][] =>
  entries.map(([name, value]) => [name.toWellFormed(), visible(value)]);

import type { TemplateVariables } from '#libs/contracts';
import { cutText } from '#libs/contracts';
import { visible } from './line.js';

/** One parameter of the structured data. */
export interface Field {
  element: 'tocsin' | 'labels' | 'annotations';
  name: string;
  value: string;
}

/** The enterprise number that RFC 5612 reserves for documentation; Tocsin has no number of its own. */
const ENTERPRISE = 32473;

/** The fields that are kept first in a message that is too long. */
const FIRST = ['delivery_id', 'event_id', 'level', 'policy', 'object', 'title', 'starts_at', 'value', 'unit', 'url'];
/** The fields of which a part is useful. */
const SHORTENED: ReadonlySet<string> = new Set(['policy', 'object', 'title', 'object_name', 'policy_name', 'content']);
/** Minimum bytes of such a part. */
const PART_BYTES_MIN = 24;

/**
 * Names that every parser accepts; the grammar allows more: https://www.rfc-editor.org/rfc/rfc5424#section-6.3.3
 * The parser of rsyslog ignores the case of names.
 */
const PLAIN_NAME = /^[\w./:@-]{1,32}$/;

/**
 * Every variable of a message that has a value, by descending priority: essential ones, the other short ones, labels,
 * the longer text, annotations.
 */
export function fieldsOf(variables: TemplateVariables): Field[] {
  const { labels, annotations, content, ...short } = variables;
  const values = new Map<string, unknown>(Object.entries(short));
  return [
    ...[...new Set([...FIRST, ...values.keys()])].flatMap((name) => ownField(name, values.get(name))),
    ...recordFields('labels', labels),
    ...ownField('content', content),
    ...recordFields('annotations', annotations),
  ];
}

function ownField(name: string, value: unknown): Field[] {
  return value === undefined || value === null || value === ''
    ? []
    : [{ element: 'tocsin', name, value: String(value) }];
}

/** Each entry as a parameter of the record's element; entries without a plain name together as one JSON object. */
function recordFields(element: 'labels' | 'annotations', record: Readonly<Record<string, string>>): Field[] {
  const fields: Field[] = [];
  const others: [string, string][] = [];
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(record)) {
    const lower = name.toLowerCase();
    if (!PLAIN_NAME.test(name) || seen.has(lower)) others.push([name, value]);
    else fields.push({ element, name, value });
    seen.add(lower);
  }
  if (others.length > 0)
    fields.push({ element: 'tocsin', name: `other_${element}`, value: json(Object.fromEntries(others)) });
  return fields;
}

/** JSON with all control characters escaped; JSON.stringify leaves some. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The fields as structured data of at most `bytesMax` bytes. The parameter `cut` lists fields that are cut or left out. */
export function structuredData(fields: readonly Field[], bytesMax: number): string {
  const whole = write(fields);
  return Buffer.byteLength(whole) <= bytesMax ? whole : write(fitted(fields, bytesMax));
}

function fitted(fields: readonly Field[], bytesMax: number): Field[] {
  const cutField = (names: Iterable<string>): Field => ({
    element: 'tocsin',
    name: 'cut',
    value: [...new Set(names)].join(' '),
  });
  const kept: Field[] = [];
  const cut: string[] = [];
  const elements = new Set<string>(['tocsin']);
  let room = bytesMax - Buffer.byteLength(write([cutField(fields.map(variableOf))]));
  for (const field of fields) {
    const empty = { ...field, value: '' };
    const around = Buffer.byteLength(elements.has(field.element) ? param(empty) : write([empty]));
    const part = partOf(field, room - around);
    if (part !== field) cut.push(variableOf(field));
    if (!part) continue;
    kept.push(part);
    elements.add(part.element);
    room -= around + Buffer.byteLength(escaped(part.value));
  }
  return [...kept, cutField(cut)];
}

/** The name of a field in `cut`: its variable. */
function variableOf({ element, name }: Field): string {
  return element === 'tocsin' ? name.replace(/^other_/, '') : element;
}

/** The field if it fits, a part of it if that is useful, or undefined. */
function partOf(field: Field, bytesMax: number): Field | undefined {
  if (Buffer.byteLength(escaped(field.value)) <= bytesMax) return field;
  if (field.element !== 'tocsin' || !SHORTENED.has(field.name) || bytesMax < PART_BYTES_MIN) return undefined;
  let room = bytesMax;
  for (;;) {
    const value = cutText(visible(field.value), { max: room, unit: 'bytes' });
    const over = Buffer.byteLength(escaped(value)) - bytesMax;
    if (over <= 0) return { ...field, value };
    room -= over;
  }
}

function write(fields: readonly Field[]): string {
  const elements = new Map<string, string>();
  for (const field of fields) elements.set(field.element, (elements.get(field.element) ?? '') + param(field));
  return [...elements].map(([element, params]) => `[${element}@${ENTERPRISE}${params}]`).join('');
}

function param({ name, value }: Field): string {
  return ` ${name}="${escaped(value)}"`;
}

/** https://www.rfc-editor.org/rfc/rfc5424#section-6.3.3 */
function escaped(value: string): string {
  return visible(value).replace(/["\\\]]/g, '\\$&');
}

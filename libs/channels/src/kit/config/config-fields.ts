import { alternativesOf, type ConfigSchema, fieldOf, itemsOf } from './config-schema.js';

export type Config = Record<string, unknown>;

/** The position of a value in a config: property names, and indexes for lists. */
export type FieldPath = readonly string[];
/** The position of a value, with list elements named by their `id` if they have one, independent of the order. */
export type FieldIdentity = readonly (string | number | { id: string })[];

/** The marks of a field in the schema. */
export interface FieldMarks {
  writeOnly: boolean;
  template?: 'text' | 'url';
}

/** The schema and position of a value in a config. */
export interface FieldAt {
  schema: ConfigSchema;
  path: FieldPath;
  identity: FieldIdentity;
}

/**
 * Calls back for every value of a config that its schema describes, innermost first, and returns a copy with the
 * results. Accepts any value, because it also runs before the schema has validated the config.
 */
export function mapValues(value: unknown, at: FieldAt, map: (value: unknown, at: FieldAt) => unknown): unknown {
  const { schema, path, identity } = at;
  const mapInner = (field: unknown, of: ConfigSchema | undefined, key: string, name: FieldIdentity[number]): unknown =>
    of ? mapValues(field, { schema: of, path: [...path, key], identity: [...identity, name] }, map) : field;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const mapped = value.map((item, index) => mapInner(item, items, String(index), elementName(item) ?? index));
    return map(mapped, at);
  }
  if (typeof value !== 'object' || value === null) return map(value, at);
  const entries = Object.entries(value).map(([key, field]) => [key, mapInner(field, fieldOf(schema, key), key, key)]);
  return map(Object.fromEntries(entries), at);
}

/** Like {@link mapValues}, but only for texts that the schema marks as secrets or templates. */
export function mapFields(
  schema: ConfigSchema,
  config: unknown,
  map: (value: string, at: FieldAt, marks: FieldMarks) => unknown,
): unknown {
  return mapValues(config, { schema, path: [], identity: [] }, (value, at) => {
    if (typeof value !== 'string') return value;
    const marks = marksOf(at.schema);
    return marks.writeOnly || marks.template ? map(value, at, marks) : value;
  });
}

/** The `id` of a list element; undefined if it has none. */
export function elementId(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, 'id')) return undefined;
  const { id } = item as { id: unknown };
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function elementName(item: unknown): { id: string } | undefined {
  const id = elementId(item);
  return id === undefined ? undefined : { id };
}

function marksOf(schema: ConfigSchema): FieldMarks {
  const all = alternativesOf(schema);
  const template = all.find((one) => one.template)?.template;
  return { writeOnly: all.some((one) => one.writeOnly === true), ...(template && { template }) };
}

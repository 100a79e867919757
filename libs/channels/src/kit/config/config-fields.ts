import { z } from 'zod';

/** The JSON Schema of a config, as `GET /channels` shows it. Marks of fields are kept. */
export interface ConfigSchema {
  type?: string;
  properties?: Record<string, ConfigSchema>;
  additionalProperties?: ConfigSchema | boolean;
  items?: ConfigSchema | boolean;
  anyOf?: ConfigSchema[];
  oneOf?: ConfigSchema[];
  allOf?: ConfigSchema[];
  writeOnly?: boolean;
  /** Of a record whose values are secret: keys, in lower case, whose values are not. */
  writeOnlyExcept?: string[];
  /** The field is a template. */
  template?: 'text' | 'url';
  [keyword: string]: unknown;
}

const schemas = new WeakMap<z.ZodType, ConfigSchema>();

/** What users send: fields with a default are not required. */
export function configSchema(config: z.ZodType): ConfigSchema {
  let schema = schemas.get(config);
  if (!schema) {
    const { $schema: _version, ...rest } = z.toJSONSchema(config, { io: 'input', reused: 'inline' });
    schema = rest as ConfigSchema;
    schemas.set(config, schema);
  }
  return schema;
}

/** Where a value stands: property names, and in lists the index. */
export type FieldPath = readonly string[];
/** The same, but elements that have an `id` are known by it, wherever in their list they stand. */
export type FieldPlace = readonly (string | number | { id: string })[];
/** What a field's marks say. */
export interface FieldMarks {
  writeOnly: boolean;
  template?: 'text' | 'url';
}

/** A value of a config: what its schema says, and where it stands. */
export interface FieldAt {
  schema: ConfigSchema;
  path: FieldPath;
  place: FieldPlace;
}

/**
 * Calls back for every value of a config that its schema knows, what stands inside it first, and returns a copy with
 * what the callback returned. Goes by the schema and the value together and takes any value, also one that no schema
 * has accepted yet.
 */
export function mapValues(value: unknown, at: FieldAt, map: (value: unknown, at: FieldAt) => unknown): unknown {
  const { schema, path, place } = at;
  const below = (field: unknown, of: ConfigSchema | undefined, key: string, known: FieldPlace[number]): unknown =>
    of ? mapValues(field, { schema: of, path: [...path, key], place: [...place, known] }, map) : field;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const mapped = value.map((item, index) => below(item, items, String(index), keyOf(item) ?? index));
    return map(mapped, at);
  }
  if (typeof value !== 'object' || value === null) return map(value, at);
  const entries = Object.entries(value).map(([key, field]) => [key, below(field, fieldOf(schema, key), key, key)]);
  return map(Object.fromEntries(entries), at);
}

/** As {@link mapValues}, for every text that the schema marks. */
export function mapFields(
  schema: ConfigSchema,
  config: unknown,
  map: (value: string, at: FieldAt, marks: FieldMarks) => unknown,
): unknown {
  return mapValues(config, { schema, path: [], place: [] }, (value, at) => {
    if (typeof value !== 'string') return value;
    const marks = marksOf(at.schema);
    return marks.writeOnly || marks.template ? map(value, at, marks) : value;
  });
}

function keyOf(item: unknown): { id: string } | undefined {
  const id = idOf(item);
  return id === undefined ? undefined : { id };
}

/** What an element of a list is known by; nothing where it has no `id`. */
export function idOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !Object.hasOwn(item, 'id')) return undefined;
  const { id } = item as { id: unknown };
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** A schema and whatever it is made of: a field is a secret if any of its alternatives says so. */
function branches(schema: ConfigSchema): ConfigSchema[] {
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...parts.flatMap(branches)];
}

function marksOf(schema: ConfigSchema): FieldMarks {
  const all = branches(schema);
  const template = all.find((one) => one.template)?.template;
  return { writeOnly: all.some((one) => one.writeOnly === true), ...(template && { template }) };
}

/** What the elements of a list are. */
export const itemsOf = (schema: ConfigSchema): ConfigSchema | undefined =>
  merged(branches(schema).map((branch) => branch.items));

/** What a property is. */
export function fieldOf(schema: ConfigSchema, key: string): ConfigSchema | undefined {
  return merged(
    branches(schema).map((branch) => {
      if (branch.properties && Object.hasOwn(branch.properties, key)) return branch.properties[key];
      const rest = branch.additionalProperties;
      if (typeof rest !== 'object' || !branch.writeOnlyExcept?.includes(key.toLowerCase())) return rest;
      return { ...rest, writeOnly: false };
    }),
  );
}

/** Several alternatives become one schema, so that a text is handed to the callback once. */
function merged(found: readonly (ConfigSchema | boolean | undefined)[]): ConfigSchema | undefined {
  const schemas = found.filter((one): one is ConfigSchema => typeof one === 'object');
  return schemas.length > 1 ? { anyOf: schemas } : schemas[0];
}

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

/** Where a value stands: property names, and in lists an element's `id` where it has one, else its index. */
export type FieldPath = readonly string[];
/** What a field's marks say. */
export interface FieldMarks {
  writeOnly: boolean;
  template?: 'text' | 'url';
}

/**
 * Calls back for every text of a config that the schema marks and returns a copy with what the callback returned.
 * Goes by the schema and the value together and takes any value, also one that no schema has accepted yet.
 */
export function mapFields(
  schema: ConfigSchema,
  value: unknown,
  map: (value: string, path: FieldPath, marks: FieldMarks) => unknown,
  path: FieldPath = [],
): unknown {
  if (typeof value === 'string') {
    const marks = marksOf(schema);
    return marks.writeOnly || marks.template ? map(value, path, marks) : value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      alternatives(schema, 'items').reduce(
        (mapped, items) => mapFields(items, mapped, map, [...path, idOf(item) ?? String(index)]),
        item,
      ),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]) => [
    key,
    fieldSchemas(schema, key).reduce((mapped, of) => mapFields(of, mapped, map, [...path, key]), field),
  ]);
  return Object.fromEntries(entries);
}

function idOf(item: unknown): string | undefined {
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

function alternatives(schema: ConfigSchema, keyword: 'items' | 'additionalProperties'): ConfigSchema[] {
  return merged(branches(schema).map((branch) => branch[keyword]));
}

function fieldSchemas(schema: ConfigSchema, key: string): ConfigSchema[] {
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
function merged(found: readonly (ConfigSchema | boolean | undefined)[]): ConfigSchema[] {
  const schemasFound = found.filter((one): one is ConfigSchema => typeof one === 'object');
  return schemasFound.length > 1 ? [{ anyOf: schemasFound }] : schemasFound;
}

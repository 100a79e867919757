import { z } from 'zod';
import type { DestinationMark } from './destination-mark.js';

/** The JSON Schema of a config, as returned by `GET /channels`. It includes the marks of fields. */
export interface ConfigSchema {
  type?: string;
  properties?: Record<string, ConfigSchema>;
  additionalProperties?: ConfigSchema | boolean;
  items?: ConfigSchema | boolean;
  anyOf?: ConfigSchema[];
  oneOf?: ConfigSchema[];
  allOf?: ConfigSchema[];
  writeOnly?: boolean;
  /** For a record with secret values: the keys, in lower case, whose values are not secret. */
  writeOnlyExcept?: string[];
  /** The field is a template. */
  template?: 'text' | 'url';
  /** The field is part of the destination: a stored secret is not sent to another one. */
  destination?: DestinationMark;
  [keyword: string]: unknown;
}

const schemas = new WeakMap<z.ZodType, ConfigSchema>();

/** The schema of a config as users send it: fields with a default are not required. */
export function configSchema(config: z.ZodType): ConfigSchema {
  let schema = schemas.get(config);
  if (!schema) {
    const { $schema: _version, ...rest } = z.toJSONSchema(config, { io: 'input', reused: 'inline' });
    schema = rest as ConfigSchema;
    schemas.set(config, schema);
  }
  return schema;
}

/** The schema and all alternatives inside it; a field is secret if any alternative marks it so. */
export function alternativesOf(schema: ConfigSchema): ConfigSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...inner.flatMap(alternativesOf)];
}

/** The schema of the elements of a list. */
export const itemsOf = (schema: ConfigSchema): ConfigSchema | undefined =>
  merged(alternativesOf(schema).map(({ items }) => items));

/** The schema of a property. */
export function fieldOf(schema: ConfigSchema, key: string): ConfigSchema | undefined {
  return merged(
    alternativesOf(schema).map((one) => {
      if (one.properties && Object.hasOwn(one.properties, key)) return one.properties[key];
      const rest = one.additionalProperties;
      if (typeof rest !== 'object' || !one.writeOnlyExcept?.includes(key.toLowerCase())) return rest;
      return { ...rest, writeOnly: false };
    }),
  );
}

/** Merges several alternatives into one schema, so that a value is visited once. */
function merged(found: readonly (ConfigSchema | boolean | undefined)[]): ConfigSchema | undefined {
  const schemas = found.filter((one): one is ConfigSchema => typeof one === 'object');
  return schemas.length > 1 ? { anyOf: schemas } : schemas[0];
}

import type { z } from 'zod';
import { type ConfigSchema, configSchema } from '../config/config-schema.js';

/** The paths of all secrets of a schema, for documentation and tests: `headers.*`, `robots[].webhookUrl`. */
export const secretPaths = (schema: z.ZodType): string[] => secretPathsIn(configSchema(schema));

export const secretPathsIn = (schema: ConfigSchema): string[] => [...new Set(pathsIn(schema, ''))].sort();

function pathsIn(schema: ConfigSchema, path: string): string[] {
  const prefix = path === '' ? '' : `${path}.`;
  const { items, additionalProperties: rest } = schema;
  return [
    ...(schema.writeOnly ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => pathsIn(property, prefix + key)),
    ...(typeof rest === 'object' ? pathsIn(rest, `${prefix}*`) : []),
    ...(typeof items === 'object' ? pathsIn(items, `${path}[]`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((one) => pathsIn(one, path)),
  ];
}

import type { z } from 'zod';
import { type ConfigSchema, configSchema, type FieldAt, type FieldPath, mapFields } from '../config/config-fields.js';

/** What stands in for a secret when a config is read back. */
export const SECRET_MASK = '********';

export type Config = Record<string, unknown>;

/** A copy of a config in which each secret is what the callback returned for it. Works on configs not yet checked. */
export function mapSecrets(schema: z.ZodType, config: Config, map: (secret: string, at: FieldAt) => string): Config {
  return mapFields(configSchema(schema), config, (value, at, marks) =>
    marks.writeOnly ? map(value, at) : value,
  ) as Config;
}

const listed = new WeakMap<Config, readonly string[]>();

/**
 * The config's secrets, for blanking them out of texts. The same array for the same config, since it is wanted for
 * each message and much is built on it: a config in force is replaced, never changed.
 */
export function listSecrets(schema: z.ZodType, config: Config): readonly string[] {
  const known = listed.get(config);
  if (known) return known;
  const secrets: string[] = [];
  mapSecrets(schema, config, (secret) => {
    secrets.push(secret);
    return secret;
  });
  listed.set(config, secrets);
  return secrets;
}

/** The config as it is read back. */
export function maskSecrets(schema: z.ZodType, config: Config): Config {
  return mapSecrets(schema, config, () => SECRET_MASK);
}

/**
 * Puts stored secrets where the incoming config says that they stay as they are. Paths at which nothing is stored
 * are returned: such a config must not be saved. Call it before the schema checks the config.
 */
export function restoreSecrets(
  schema: z.ZodType,
  incoming: Config,
  stored: Config | undefined,
): { config: Config; missing: FieldPath[] } {
  const known = new Map<string, string>();
  if (stored) {
    mapSecrets(schema, stored, (secret, { place }) => {
      known.set(JSON.stringify(place), secret);
      return secret;
    });
  }
  const missing: FieldPath[] = [];
  const config = mapSecrets(schema, incoming, (secret, { path, place }) => {
    if (secret !== SECRET_MASK) return secret;
    const kept = known.get(JSON.stringify(place));
    if (kept === undefined) missing.push(path);
    return kept ?? secret;
  });
  return { config, missing };
}

/** A template inside a config: where it stands and how its values are written. */
export interface ConfigTemplate {
  path: FieldPath;
  source: string;
  escaping?: 'url';
}

/** The config's templates, to be compiled before it is saved. */
export function listTemplates(schema: z.ZodType, config: Config): ConfigTemplate[] {
  const templates: ConfigTemplate[] = [];
  mapFields(configSchema(schema), config, (source, { path }, { template }) => {
    if (template) templates.push({ path, source, ...(template === 'url' && { escaping: 'url' }) });
    return source;
  });
  return templates;
}

/** Where the schema marks secrets, for people and tests: `headers.*`, `robots[].webhookUrl`. */
export const secretPaths = (schema: z.ZodType): string[] => secretPathsIn(configSchema(schema));

export const secretPathsIn = (schema: ConfigSchema): string[] => [...new Set(pathsIn(schema, ''))].sort();

function pathsIn(schema: ConfigSchema, path: string): string[] {
  const below = path === '' ? '' : `${path}.`;
  const { items, additionalProperties: rest } = schema;
  return [
    ...(schema.writeOnly ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => pathsIn(property, below + key)),
    ...(typeof rest === 'object' ? pathsIn(rest, `${below}*`) : []),
    ...(typeof items === 'object' ? pathsIn(items, `${path}[]`) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((one) => pathsIn(one, path)),
  ];
}

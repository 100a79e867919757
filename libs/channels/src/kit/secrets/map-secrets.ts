import type { z } from 'zod';
import { type Config, type FieldAt, mapFields } from '../config/config-fields.js';
import { configSchema } from '../config/config-schema.js';

/** A copy of a config with each secret replaced by the result of the callback. Accepts unvalidated configs. */
export function mapSecrets(schema: z.ZodType, config: Config, map: (secret: string, at: FieldAt) => string): Config {
  return mapFields(configSchema(schema), config, (value, at, marks) =>
    marks.writeOnly ? map(value, at) : value,
  ) as Config;
}

const lists = new WeakMap<Config, readonly string[]>();

/**
 * The secrets of a config, for redacting them. Returns the same array for the same config object, because it is used
 * for each message; a config is replaced when it changes, never modified.
 */
export function listSecrets(schema: z.ZodType, config: Config): readonly string[] {
  const known = lists.get(config);
  if (known) return known;
  const secrets: string[] = [];
  mapSecrets(schema, config, (secret) => {
    secrets.push(secret);
    return secret;
  });
  lists.set(config, secrets);
  return secrets;
}

import type { z } from 'zod';
import type { Config, FieldPath } from '../config/config-fields.js';
import { mapSecrets } from './map-secrets.js';
import { SECRET_MASK } from './mask-secrets.js';

/**
 * Replaces the masks in an incoming config by the stored secrets; call it before the schema validates the config.
 * `missing` lists masks without a stored secret: a config that has one must not be saved.
 */
export function restoreSecrets(
  schema: z.ZodType,
  incoming: Config,
  stored: Config | undefined,
): { config: Config; missing: FieldPath[] } {
  const known = new Map<string, string>();
  if (stored) {
    mapSecrets(schema, stored, (secret, { identity }) => {
      known.set(JSON.stringify(identity), secret);
      return secret;
    });
  }
  const missing: FieldPath[] = [];
  const config = mapSecrets(schema, incoming, (secret, { path, identity }) => {
    if (secret !== SECRET_MASK) return secret;
    const restored = known.get(JSON.stringify(identity));
    if (restored === undefined) missing.push(path);
    return restored ?? secret;
  });
  return { config, missing };
}

import type { z } from 'zod';
import type { Config } from '../config/config-fields.js';
import { mapSecrets } from './map-secrets.js';

/** The text that replaces a secret in API answers; sent back, it means that the stored secret stays. */
export const SECRET_MASK = '********';

/** The config as API answers show it. */
export function maskSecrets(schema: z.ZodType, config: Config): Config {
  return mapSecrets(schema, config, () => SECRET_MASK);
}

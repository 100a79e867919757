import type { z } from 'zod';
import { mapSecrets } from '#libs/channels';

/** Encrypts and decrypts one text; what it opens must be what it sealed, or it throws. */
export interface SecretBox {
  seal(plain: string): string;
  open(sealed: string): string;
}

type Config = Record<string, unknown>;

/** The config as it is stored: everything that its schema marks as a secret is encrypted, and nothing else. */
export function sealConfig(schema: z.ZodType, config: Config, box: SecretBox): Config {
  return mapSecrets(schema, config, (secret) => box.seal(secret));
}

/** @throws what the box throws, where a secret was sealed with another key or changed since. */
export function openConfig(schema: z.ZodType, config: Config, box: SecretBox): Config {
  return mapSecrets(schema, config, (sealed) => box.open(sealed));
}

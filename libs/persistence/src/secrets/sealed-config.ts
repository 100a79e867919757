import type { z } from 'zod';
import { mapSecrets } from './map-secrets.js';
import { MASK } from './masks.js';

/** Encrypts and decrypts one text; what it opens must be what it sealed, or it throws. */
export interface SecretBox {
  seal(plain: string): string;
  open(sealed: string): string;
}

/** A sealed secret says so itself, so that opening does not depend on what the schema of today calls a secret. */
const SEALED = '$sealed';

type Config = Record<string, unknown>;

export function sealConfig(schema: z.core.$ZodType, config: Config, box: SecretBox): Config {
  return mapSecrets(schema, config, (text) => ({ [SEALED]: box.seal(text) })) as Config;
}

/** @throws what the box throws, where a secret was sealed with another key or changed since. */
export function openConfig(config: Config, box: SecretBox): Config {
  return mapSealed(config, (sealed) => box.open(sealed)) as Config;
}

/** A stored config as it is shown; no key is needed for that. */
export function maskSealed(config: Config): Config {
  return mapSealed(config, () => MASK) as Config;
}

function mapSealed(value: unknown, map: (sealed: string) => string): unknown {
  if (Array.isArray(value)) return value.map((child) => mapSealed(child, map));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === SEALED) return map(String(entries[0][1]));
  return Object.fromEntries(entries.map(([key, child]) => [key, mapSealed(child, map)]));
}

import type { z } from 'zod';
import { type FieldAt, mapSecrets } from '#libs/channels';

/** Encrypts and decrypts one text; what it opens must be what it sealed for the same place, or it throws. */
export interface SecretBox {
  seal(plain: string, place: string): string;
  open(sealed: string, place: string): string;
}

/** An endpoint's config, and what tells its secrets from those of others. */
export interface ConfigOf {
  endpointId: string;
  schema: z.ZodType;
  config: Record<string, unknown>;
}

/** Row and field of a secret, in one text for each. */
const placeOf = (endpointId: string, { identity }: FieldAt): string =>
  JSON.stringify(['endpoint', endpointId, ...identity]);

/** The config as it is stored: everything that its schema marks as a secret is encrypted, and nothing else. */
export function sealConfig({ endpointId, schema, config }: ConfigOf, box: SecretBox): Record<string, unknown> {
  return mapSecrets(schema, config, (secret, at) => box.seal(secret, placeOf(endpointId, at)));
}

/** What an earlier version sealed, sealed anew for its place; nothing where there is nothing of the kind. */
export function bindConfig(
  { endpointId, schema, config }: ConfigOf,
  { box, openUnbound }: { box: SecretBox; openUnbound(sealed: string): string | undefined },
): Record<string, unknown> | undefined {
  let found = false;
  const bound = mapSecrets(schema, config, (sealed, at) => {
    const secret = openUnbound(sealed);
    found ||= secret !== undefined;
    return secret === undefined ? sealed : box.seal(secret, placeOf(endpointId, at));
  });
  return found ? bound : undefined;
}

/** @throws what the box throws, where a secret was sealed with another key or elsewhere, or changed since. */
export function openConfig({ endpointId, schema, config }: ConfigOf, box: SecretBox): Record<string, unknown> {
  return mapSecrets(schema, config, (sealed, at) => box.open(sealed, placeOf(endpointId, at)));
}

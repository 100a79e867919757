import type { z } from 'zod';
import { type FieldAt, mapSecrets } from '#libs/channels';

type Values = Record<string, unknown>;

/** Encrypts and decrypts one text. `open` throws unless the text was sealed for the same place. */
export interface SecretBox {
  seal(plain: string, place: string): string;
  open(sealed: string, place: string): string;
}

/** The schema of each field that holds secrets. */
export type SecretSchemas = Readonly<Record<string, z.ZodType>>;

/** The resource that secrets belong to: a sealed secret opens in its own row and field alone. */
export interface Owner {
  /** `endpoint` */
  readonly noun: string;
  readonly id: string;
  /** The field whose name is not part of the place: it was once the only one with secrets. */
  readonly unnamed?: string;
}

/** Row and field of a secret, as one text. */
const placeOf = ({ noun, id, unnamed }: Owner, field: string, { identity }: FieldAt): string =>
  JSON.stringify([noun, id, ...(field === unnamed ? [] : [field]), ...identity]);

/** The values as they are stored: each secret encrypted, and nothing else. */
export const sealSecrets = (values: Values, schemas: SecretSchemas, owner: Owner, box: SecretBox): Values =>
  mapFields(values, schemas, owner, (secret, place) => box.seal(secret, place));

/** @throws the box's error if a secret was sealed with another key or for another place, or changed since */
export const openSecrets = (values: Values, schemas: SecretSchemas, owner: Owner, box: SecretBox): Values =>
  mapFields(values, schemas, owner, (sealed, place) => box.open(sealed, place));

/**
 * Values that an earlier version sealed without a place, sealed for theirs; undefined if there are none.
 * `openUnbound` opens these, and returns undefined for all others.
 */
export function bindSecretsOf(
  values: Values,
  schemas: SecretSchemas,
  owner: Owner,
  { box, openUnbound }: { box: SecretBox; openUnbound(sealed: string): string | undefined },
): Values | undefined {
  let found = false;
  const bound = mapFields(values, schemas, owner, (sealed, place) => {
    const secret = openUnbound(sealed);
    found ||= secret !== undefined;
    return secret === undefined ? sealed : box.seal(secret, place);
  });
  return found ? bound : undefined;
}

/** The values of the fields with schemas, each secret replaced by the callback's result. */
function mapFields(
  values: Values,
  schemas: SecretSchemas,
  owner: Owner,
  map: (secret: string, place: string) => string,
): Values {
  return Object.fromEntries(
    Object.entries(schemas).map(([field, schema]) => [
      field,
      mapSecrets(schema, values[field] as Values, (secret, at) => map(secret, placeOf(owner, field, at))),
    ]),
  );
}

import { createHmac, hkdfSync } from 'node:crypto';

const NAME_CHARACTERS = 22;

/**
 * Creates a hash that names a secret. Without the key nobody can check a guess of the secret against its name.
 * @param purpose names of different purposes differ
 */
export function createKeyedHash(key: Buffer, purpose: string): (secret: string) => string {
  const own = Buffer.from(hkdfSync('sha256', key, '', `tocsin ${purpose}`, 32));
  return (secret) => createHmac('sha256', own).update(secret).digest('base64url').slice(0, NAME_CHARACTERS);
}

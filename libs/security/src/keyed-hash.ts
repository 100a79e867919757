import { createHmac, hkdfSync } from 'node:crypto';

const NAME_CHARACTERS = 22;

/**
 * Gives a secret a name by which it is found again, and which tells nobody without the key whether a guess is right.
 * @param purpose names of one purpose are unlike those of another
 */
export function createKeyedHash(key: Buffer, purpose: string): (secret: string) => string {
  const own = Buffer.from(hkdfSync('sha256', key, '', `tocsin ${purpose}`, 32));
  return (secret) => createHmac('sha256', own).update(secret).digest('base64url').slice(0, NAME_CHARACTERS);
}

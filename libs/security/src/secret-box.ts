import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 'v2';
/** Of earlier versions of Tocsin: bound to no place. */
const UNBOUND_VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed secret that cannot be opened. The message is for the operator and holds neither key nor content. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

export interface SecretBox {
  /**
   * The text encrypted, as printable ASCII: `v2:<which key>:<base64url of nonce, tag and ciphertext>`.
   * @param place where it is kept: copied to another place, it does not open
   */
  seal(plain: string, place: string): string;
  /** @throws {SecretBoxError} when the text was not sealed with this key for this place, or was changed since. */
  open(sealed: string, place: string): string;
}

/** Secrets at rest: AES-256-GCM with a random nonce each, so that equal secrets do not look equal. */
export function createSecretBox(key: Buffer): SecretBox {
  const keyId = keyIdOf(key);
  return {
    seal(plain, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${VERSION}:${keyId}:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open: (sealed, place) => decipher(key, dataOf(sealed, VERSION, keyId), place),
  };
}

/**
 * Opens what earlier versions sealed, for it to be sealed anew; gives nothing for what this one did.
 * @throws {SecretBoxError} as opening does
 */
export function createUnboundOpener(key: Buffer): (sealed: string) => string | undefined {
  const keyId = keyIdOf(key);
  return (sealed) => {
    if (!sealed.startsWith(`${UNBOUND_VERSION}:`)) return undefined;
    return decipher(key, dataOf(sealed, UNBOUND_VERSION, keyId), '');
  };
}

/** Names the key without telling it, so that a wrong key is told from damaged data. */
function keyIdOf(key: Buffer): string {
  if (key.length !== KEY_BYTES) throw new Error(`the secret key must be ${KEY_BYTES} bytes, not ${key.length}`);
  return createHash('sha256').update('tocsin secret box').update(key).digest('hex').slice(0, 8);
}

function dataOf(sealed: string, version: string, keyId: string): Buffer {
  const [sealedAs, sealedWith, data, ...rest] = sealed.split(':');
  if (sealedAs !== version || sealedWith === undefined || data === undefined || rest.length > 0) {
    throw new SecretBoxError('a stored secret is not in a form this version knows');
  }
  if (sealedWith !== keyId) {
    throw new SecretBoxError('a stored secret was sealed with another TOCSIN_SECRET_KEY than the one in use');
  }
  return Buffer.from(data, 'base64url');
}

function decipher(key: Buffer, data: Buffer, place: string): string {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new SecretBoxError('a stored secret is cut short');
  const nonce = data.subarray(0, NONCE_BYTES);
  const opening = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  opening.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  opening.setAAD(Buffer.from(place));
  try {
    return opening.update(data.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + opening.final('utf8');
  } catch (cause) {
    throw new SecretBoxError('a stored secret was damaged, changed, or brought here from another place', { cause });
  }
}

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 'v2';
/** Format of earlier versions of Tocsin, which was not bound to a row and field. */
const UNBOUND_VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed secret that cannot be opened. The message is for the operator and contains neither key nor content. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

export interface SecretBox {
  /**
   * Encrypts a text into printable ASCII: `v2:<key id>:<base64url of nonce, tag and ciphertext>`.
   * @param place row and field of the secret; a copy elsewhere does not open
   */
  seal(plain: string, place: string): string;
  /** @throws {SecretBoxError} if the text was not sealed with this key for this place, or was changed */
  open(sealed: string, place: string): string;
}

/** Creates the box for secrets at rest: AES-256-GCM with a random nonce each, so that equal secrets look different. */
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
 * Opens secrets that earlier versions sealed, so that they can be sealed again; undefined for those of this version.
 * @throws {SecretBoxError} like `open`
 */
export function createUnboundOpener(key: Buffer): (sealed: string) => string | undefined {
  const keyId = keyIdOf(key);
  return (sealed) => {
    if (!sealed.startsWith(`${UNBOUND_VERSION}:`)) return undefined;
    return decipher(key, dataOf(sealed, UNBOUND_VERSION, keyId), '');
  };
}

/** Id of the key, which does not reveal it; it distinguishes a wrong key from damaged data. */
function keyIdOf(key: Buffer): string {
  if (key.length !== KEY_BYTES) throw new Error(`the secret key must be ${KEY_BYTES} bytes, not ${key.length}`);
  return createHash('sha256').update('tocsin secret box').update(key).digest('hex').slice(0, 8);
}

function dataOf(sealed: string, version: string, keyId: string): Buffer {
  const [sealedAs, sealedWith, data, ...rest] = sealed.split(':');
  if (sealedAs !== version || sealedWith === undefined || data === undefined || rest.length > 0) {
    throw new SecretBoxError('a stored secret has an unknown format');
  }
  if (sealedWith !== keyId) {
    throw new SecretBoxError('a stored secret was sealed with another TOCSIN_SECRET_KEY');
  }
  return Buffer.from(data, 'base64url');
}

function decipher(key: Buffer, data: Buffer, place: string): string {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new SecretBoxError('a stored secret is truncated');
  const nonce = data.subarray(0, NONCE_BYTES);
  const opening = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  opening.setAuthTag(data.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  opening.setAAD(Buffer.from(place));
  try {
    return opening.update(data.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + opening.final('utf8');
  } catch (cause) {
    throw new SecretBoxError('a stored secret was damaged, changed or copied from another place', { cause });
  }
}

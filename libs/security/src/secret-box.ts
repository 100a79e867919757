import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed secret that cannot be opened. The message is for the operator and holds neither key nor content. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

export interface SecretBox {
  /** The text encrypted, as printable ASCII: `v1:<which key>:<base64url of nonce, tag and ciphertext>`. */
  seal(plain: string): string;
  /** @throws {SecretBoxError} when the text was not sealed with this key, or was changed since. */
  open(sealed: string): string;
}

/** Secrets at rest: AES-256-GCM with a random nonce each, so that equal secrets do not look equal. */
export function createSecretBox(key: Buffer): SecretBox {
  if (key.length !== KEY_BYTES) throw new Error(`the secret key must be ${KEY_BYTES} bytes, not ${key.length}`);
  // Names the key without telling it, so that a wrong key is told from damaged data.
  const keyId = createHash('sha256').update('tocsin secret box').update(key).digest('hex').slice(0, 8);

  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return `${VERSION}:${keyId}:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },

    open(sealed) {
      const [version, sealedWith, data, ...rest] = sealed.split(':');
      if (version !== VERSION || sealedWith === undefined || data === undefined || rest.length > 0) {
        throw new SecretBoxError('a stored secret is not in a form this version knows');
      }
      if (sealedWith !== keyId) {
        throw new SecretBoxError('a stored secret was sealed with another TOCSIN_SECRET_KEY than the one in use');
      }
      const bytes = Buffer.from(data, 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SecretBoxError('a stored secret is cut short');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw new SecretBoxError('a stored secret was damaged or changed', { cause });
      }
    },
  };
}

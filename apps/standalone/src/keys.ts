import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { ADMIN_KEY_FORM, isAdminKey } from '#libs/config';
import { generateKey } from '#libs/security';

const SECRET_KEY_BYTES = 32;

export const makeAdminKey = generateKey;
export const makeSecretKey = (): string => randomBytes(SECRET_KEY_BYTES).toString('base64');
export const makePassword = (): string => randomBytes(24).toString('hex');

/** Reads a key from a file that only its owner can read; generates it if there is none. */
export function keptKey(path: string, make: () => string): string {
  try {
    const key = readFileSync(path, 'utf8').trim();
    if (key === '') throw new Error(`${path} is empty; restore it from a backup`);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = make();
  // Written whole or not at all: an incomplete key would make its data unreadable.
  writeFileSync(`${path}.new`, `${key}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return key;
}

/** The administrator's key of a data folder, generated at the first start. @throws if somebody wrote another one that is too short */
export function keptAdminKey(path: string): string {
  const key = keptKey(path, makeAdminKey);
  if (isAdminKey(key)) return key;
  throw new Error(`${path} must contain ${ADMIN_KEY_FORM}; delete the file, and the next start generates a key`);
}

/** Returns true at the first call for a key, so that it is shown once, at the end of the first start. */
export function isFirstShowing(path: string): boolean {
  try {
    writeFileSync(`${path}.shown`, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

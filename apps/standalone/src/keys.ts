import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ADMIN_KEY_LETTERS = 32;
const SECRET_KEY_BYTES = 32;

export const makeAdminKey = (): string =>
  `toc_${Array.from({ length: ADMIN_KEY_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
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

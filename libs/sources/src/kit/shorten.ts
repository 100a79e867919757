import { createHash } from 'node:crypto';

const HASH_CHARS = 8;

/** 8 hexadecimal digits that differ if texts differ. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARS);

/** The first characters of a text (UTF-16 units), none cut in half. */
export function firstChars(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const isSplit = (text.codePointAt(charsMax - 1) ?? 0) > 0xffff;
  return text.slice(0, isSplit ? charsMax - 1 : charsMax);
}

/** A key, shortened if it is too long. Two keys that differ anywhere still differ. */
export function shortenKey(key: string, charsMax: number): string {
  return key.length <= charsMax ? key : withHash(key, shortHash(key), charsMax);
}

/** `front#hash`; the front is cut if both do not fit. */
export function withHash(front: string, hash: string, charsMax: number): string {
  return `${firstChars(front, charsMax - HASH_CHARS - 1)}#${hash}`;
}

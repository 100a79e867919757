import { createHash } from 'node:crypto';

/** 16 characters that differ where any part differs. */
export const shortHash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

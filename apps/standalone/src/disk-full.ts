import { statfsSync } from 'node:fs';

const MIB = 1024 * 1024;
/** No space on the disk, or none left of the user's quota. */
const CODES = new Set(['ENOSPC', 'EDQUOT']);

/** Names the disk and the remedy, for an error of a full disk; returns any other error as it is. */
export function explainFullDisk(error: unknown, folder: string): unknown {
  if (!CODES.has((error as NodeJS.ErrnoException).code ?? '')) return error;
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MIB);
  return new Error(`the disk of ${folder} is full: ${free} MiB are free; make room there and start again`, {
    cause: error,
  });
}

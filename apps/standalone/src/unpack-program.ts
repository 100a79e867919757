import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PackageLists, withPackageLists } from './package-lists.js';

/** A program to unpack from the distribution's packages. */
export interface Unpacking<T> {
  /** Folders for it: all are searched, and the first writable one stores it. */
  name: string;
  cacheFolders: readonly string[];
  /** Names of its packages; their missing dependencies are unpacked too. */
  choose(lists: PackageLists): Promise<readonly string[]>;
  /** Corrects the unpacked files before they are moved to their folder. */
  prepare?(root: string): void;
  /** Returns the program under a folder, if it exists and runs. */
  probe(root: string, libraryPath: string): Promise<T | undefined>;
  say(text: string): void;
}

const LIBRARY_FOLDERS: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/** The distribution's name of this machine's architecture, as a folder of libraries. */
export function libraryFolder(): string {
  const folder = LIBRARY_FOLDERS[process.arch];
  if (process.platform === 'linux' && folder) return folder;
  throw new Error(`unpacking is not possible on ${process.platform} ${process.arch}`);
}

/**
 * Unpacks a program from the distribution's own packages into a folder, without root and without installing anything.
 * Several processes may do so at once: a folder is moved to its path when it is complete, and a working one stays.
 */
export async function unpackProgram<T>(unpacking: Unpacking<T>): Promise<T> {
  const { name, cacheFolders, say } = unpacking;
  const triplet = libraryFolder();
  const probe = (root: string) =>
    unpacking.probe(root, ['usr/lib', 'lib'].map((folder) => join(root, folder, triplet)).join(':'));
  for (const folder of cacheFolders) {
    const found = await probe(join(folder, name));
    if (found) return found;
  }
  const cache = firstWritable(cacheFolders);
  say(`no ${name} on this machine: unpacking it from the distribution’s packages`);
  const work = mkdtempSync(join(cache, 'unpack-'));
  try {
    const root = join(work, name);
    await withPackageLists({ work, say }, async (lists) => lists.unpack(await unpacking.choose(lists), root));
    unpacking.prepare?.(root);
    if (!(await probe(root))) throw new Error('the unpacked program does not run');
    const final = join(cache, name);
    if (!putInPlace(root, final) && !(await probe(final))) {
      renameSync(final, join(work, 'former'));
      renameSync(root, final);
    }
    return (await probe(final)) as T;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Never replaces a folder: another process may have been faster, and be using it. */
function putInPlace(root: string, final: string): boolean {
  try {
    renameSync(root, final);
    return true;
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  }
}

function firstWritable(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      rmSync(mkdtempSync(join(folder, 'try-')), { recursive: true });
      return folder;
    } catch {
      // The next folder may be writable.
    }
  }
  throw new Error(`none of these folders is writable: ${folders.join(', ')}`);
}

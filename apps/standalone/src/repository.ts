import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Folder of package.json above this file, both for the source and the built program. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}

/** Folders for downloads between starts: in the repository, or the user's cache. */
export function cacheFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return [join(repositoryRoot, '.cache'), join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tocsin')];
}

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of package.json above this file, whether it runs as source or as built. */
export const repositoryRoot = rootAbove(import.meta.dirname);

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}

/** Where downloads are kept between starts: in the repository, or where a user's caches belong. */
export function cacheFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  return [join(repositoryRoot, '.cache'), join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tocsin')];
}

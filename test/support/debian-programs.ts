import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { libraryFolder, unpackProgram } from '../../apps/standalone/src/unpack-program.js';

export interface DebianProgram {
  command: string;
  /** Root of its other files, as in its package: `/` if it is installed. */
  root: string;
  /** Variables that it needs to find its libraries. */
  env: Record<string, string>;
}

export interface ProgramSearch {
  /** Its name, which is also its folder in the cache. */
  name: string;
  packages: readonly string[];
  /** The program, from the root of its package: `usr/sbin/rsyslogd`. */
  program: string;
  /** Further files that must exist; `*` stands for the folder of the machine's libraries. */
  files?: readonly string[];
  /** Arguments that make it print only its version. */
  version: readonly string[];
}

/**
 * A program of Debian or Ubuntu that tests need: the machine's own, or one from the distribution's packages in the
 * repository's `.cache`, unpacked without root at its first use.
 */
export async function findDebianProgram(search: ProgramSearch): Promise<DebianProgram> {
  const { name, packages } = search;
  try {
    const installed = await probe(search, '/');
    if (installed) return installed;
    return await unpackProgram({
      name,
      cacheFolders: [resolve(import.meta.dirname, '../../.cache')],
      choose: async () => packages,
      probe: (root, libraryPath) => probe(search, root, libraryPath),
      say: (text) => console.log(text),
    });
  } catch (error) {
    const advice = `install it (Debian, Ubuntu: sudo apt-get install ${packages.join(' ')}) and start again`;
    throw new Error(`tests need ${name}, and none could be unpacked: ${(error as Error).message}; ${advice}`, {
      cause: error,
    });
  }
}

async function probe(search: ProgramSearch, root: string, libraryPath?: string): Promise<DebianProgram | undefined> {
  const files = (search.files ?? []).map((file) => file.replace('*', libraryFolder()));
  if (![search.program, ...files].every((file) => existsSync(join(root, file)))) return undefined;
  const command = join(root, search.program);
  const env: Record<string, string> = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
  const runs = await promisify(execFile)(command, search.version, { env, timeout: 20_000 }).catch(() => undefined);
  return runs && { command, root, env };
}

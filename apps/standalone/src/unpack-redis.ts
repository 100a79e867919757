import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageLists } from './package-lists.js';
import { isNewEnough, probeRedis, type RedisProgram } from './redis-program.js';
import { unpackProgram } from './unpack-program.js';

export interface RedisSearch {
  /** PATH of the environment. */
  path: string;
  /** Folders for an unpacked Redis; the first writable one is used. */
  cacheFolders: readonly string[];
  say(text: string): void;
}

/** Debian's tools package contains the server: the checker of dump files is the same program under another name. */
const SOURCES = [
  { package: 'redis-tools', program: 'redis-check-rdb' },
  { package: 'valkey-tools', program: 'valkey-check-rdb' },
];
const SERVER = 'usr/bin/redis-server';

/** Unpacks Redis from the distribution's own packages into a folder, without root and without installing anything. */
export function unpackRedis({ cacheFolders, say }: RedisSearch): Promise<RedisProgram> {
  return unpackProgram({
    name: 'redis',
    cacheFolders,
    choose,
    prepare(root) {
      const source = SOURCES.find(({ program }) => existsSync(join(root, 'usr/bin', program)));
      if (source) symlinkSync(source.program, join(root, SERVER));
    },
    probe: (root, libraryPath) => probeRedis(join(root, SERVER), libraryPath),
    say,
  });
}

async function choose(lists: PackageLists): Promise<string[]> {
  for (const source of SOURCES) {
    const version = await lists.version(source.package);
    if (version && isNewEnough(version)) return [source.package];
  }
  throw new Error('the package lists name no Redis that is new enough, or could not be read');
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isNewEnough, probeRedis, type RedisProgram } from './redis-program.js';

const run = promisify(execFile);

export interface RedisSearch {
  /** PATH of the environment. */
  path: string;
  /** Folders to keep an unpacked Redis in; the first writable one is used. */
  cacheFolders: readonly string[];
  say(text: string): void;
}

/** Debian's tools package carries the server too: the checker of dump files is the same program by another name. */
const SOURCES = [
  { package: 'redis-tools', program: 'redis-check-rdb' },
  { package: 'valkey-tools', program: 'valkey-check-rdb' },
];
const LIBRARY_FOLDERS: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/** Unpacks Redis from the distribution's own packages into a folder, without root and without installing anything. */
export async function unpackRedis({ cacheFolders, say }: RedisSearch): Promise<RedisProgram> {
  const triplet = LIBRARY_FOLDERS[process.arch];
  if (process.platform !== 'linux' || !triplet) {
    throw new Error(`unpacking is not possible on ${process.platform} ${process.arch}`);
  }
  for (const folder of cacheFolders) {
    const found = await probeUnpacked(join(folder, 'redis'), triplet);
    if (found) return found;
  }
  const cache = firstWritable(cacheFolders);
  say('no Redis on this machine: unpacking one from the distribution’s packages');
  const work = mkdtempSync(join(cache, 'unpack-'));
  try {
    const program = await downloadPackages(work, say);
    const root = join(work, 'redis');
    symlinkSync(program, join(root, 'usr/bin/redis-server'));
    if (!(await probeUnpacked(root, triplet))) throw new Error('the unpacked program does not run');
    const final = join(cache, 'redis');
    rmSync(final, { recursive: true, force: true });
    renameSync(root, final);
    return (await probeUnpacked(final, triplet)) as RedisProgram;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function probeUnpacked(root: string, triplet: string): Promise<RedisProgram | undefined> {
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder, triplet)).join(':');
  return probeRedis(join(root, 'usr/bin/redis-server'), libraries);
}

/** The system's package lists first; where they are missing or out of date, lists of our own, which need no root. */
async function downloadPackages(work: string, say: (text: string) => void): Promise<string> {
  try {
    return await downloadWith(work, []);
  } catch {
    say('reading the package lists of the distribution (half a minute)');
    const options = await privateLists(work);
    return await downloadWith(work, options);
  }
}

async function privateLists(work: string): Promise<string[]> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = [
    `Dir::State=${join(work, 'state')}`,
    `Dir::State::status=/var/lib/dpkg/status`,
    `Dir::Cache=${join(work, 'cache')}`,
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  // A third party's broken package source must not stand in the way: what matters is whether the package is found.
  await run('apt-get', [...options, 'update'], { timeout: 180_000 }).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('this machine has no apt-get');
  });
  return options;
}

async function downloadWith(work: string, options: string[]): Promise<string> {
  for (const source of SOURCES) {
    const version = await candidateVersion(source.package, options);
    if (!version || !isNewEnough(version)) continue;
    const packages = await missingPackages(source.package, options);
    const debs = join(work, 'debs');
    mkdirSync(debs, { recursive: true });
    await run('apt-get', [...options, 'download', ...packages], { cwd: debs, timeout: 180_000 });
    for (const deb of readdirSync(debs)) await run('dpkg', ['-x', join(debs, deb), join(work, 'redis')]);
    return source.program;
  }
  throw new Error('the package lists name no Redis that is new enough, or could not be read');
}

async function candidateVersion(name: string, options: string[]): Promise<string | undefined> {
  const { stdout } = await run('apt-cache', [...options, 'policy', name]);
  return /Candidate: (?:\d+:)?(\d\S*)/.exec(stdout)?.[1];
}

/** A package and those it needs, and they in turn, that the machine does not have. */
async function missingPackages(name: string, options: string[]): Promise<string[]> {
  const wanted = [name];
  for (const each of wanted) {
    const { stdout } = await run('apt-cache', [...options, 'show', '--no-all-versions', each]);
    const depends = /^Depends: (.*)$/m.exec(stdout)?.[1] ?? '';
    for (const clause of depends.split(', ')) {
      const alternatives = clause.split(' | ').map((part) => part.replace(/[\s:(].*$/, ''));
      const first = alternatives[0];
      if (!first || first === 'adduser' || alternatives.some((one) => wanted.includes(one))) continue;
      const installed = await Promise.all(alternatives.map(isInstalled));
      if (!installed.includes(true)) wanted.push(first);
    }
  }
  return wanted;
}

async function isInstalled(name: string): Promise<boolean> {
  const result = await run('dpkg-query', ['--status', name]).catch(() => undefined);
  return /^Status: .* installed$/m.test(result?.stdout ?? '');
}

function firstWritable(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      rmSync(mkdtempSync(join(folder, 'try-')), { recursive: true });
      return folder;
    } catch {
      // The next one may do.
    }
  }
  throw new Error(`none of these folders can be written: ${folders.join(', ')}`);
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DOWNLOAD_MS = 300_000;
/** Packages to leave out: system users, and needs of web pages only, which can be hundreds of megabytes. */
const NEEDLESS = /^(adduser|libjs-.*|fonts-.*)$/;

/** Packages of the distribution, by apt's lists. */
export interface PackageLists {
  /** Version of a package that would be installed; undefined if there is none. */
  version(name: string): Promise<string | undefined>;
  /** Unpacks packages and their dependencies that the machine lacks into a folder. */
  unpack(names: readonly string[], root: string): Promise<void>;
}

/** Uses the system's package lists; if they are missing or outdated, own lists, which need no root. */
export async function withPackageLists<T>(
  { work, say }: { work: string; say(text: string): void },
  use: (lists: PackageLists) => Promise<T>,
): Promise<T> {
  try {
    return await use(packageLists(work, []));
  } catch {
    say('reading the package lists of the distribution (half a minute)');
    return await use(packageLists(work, await privateLists(work)));
  }
}

function packageLists(work: string, options: readonly string[]): PackageLists {
  return {
    async version(name) {
      const { stdout } = await run('apt-cache', [...options, 'policy', name]);
      return /Candidate: (?:\d+:)?(\d\S*)/.exec(stdout)?.[1];
    },
    async unpack(names, root) {
      const packages = await missingPackages(names, options);
      const debs = mkdtempSync(join(work, 'debs-'));
      await run('apt-get', [...options, 'download', ...packages], { cwd: debs, timeout: DOWNLOAD_MS });
      for (const deb of readdirSync(debs)) await run('dpkg', ['-x', join(debs, deb), root]);
    },
  };
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
  // A broken package source of a third party is ignored: it matters only whether the package is found.
  await run('apt-get', [...options, 'update'], { timeout: 180_000 }).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('this machine has no apt-get');
  });
  return options;
}

/** Packages and all their dependencies that the machine lacks. */
async function missingPackages(names: readonly string[], options: readonly string[]): Promise<string[]> {
  const wanted = [...names];
  for (const each of wanted) {
    const { stdout } = await run('apt-cache', [...options, 'show', '--no-all-versions', each]);
    const depends = /^Depends: (.*)$/m.exec(stdout)?.[1] ?? '';
    for (const clause of depends.split(', ')) {
      const alternatives = clause.split(' | ').map((part) => part.replace(/[\s:(].*$/, ''));
      const first = alternatives[0];
      if (!first || NEEDLESS.test(first) || alternatives.some((one) => wanted.includes(one))) continue;
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

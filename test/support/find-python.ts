import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { unpackProgram } from '../../apps/standalone/src/unpack-program.js';

const CACHE = resolve(import.meta.dirname, '../../.cache');
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const execute = promisify(execFile);

/** A Python with pip. */
export interface Python {
  command: string;
  /** Variables that it needs to find its modules, libraries and certificates. */
  env: Record<string, string>;
  /** Such as `3.11`. */
  version: string;
}

/**
 * The machine's own Python with pip. If it is missing, too old or without pip, what is missing is unpacked from the
 * distribution's packages into the repository's `.cache`, without root.
 *
 * @param least oldest minor release of Python 3
 */
export async function findPython(least: number): Promise<Python> {
  const env = certificates();
  for (const command of ['python3', '/usr/bin/python3']) {
    const installed = await probe(command, env, least);
    if (installed) return installed;
  }
  return unpackProgram({
    name: 'python',
    cacheFolders: [CACHE],
    // python3 pre-depends on python3-minimal, which has its command; only dependencies are followed.
    choose: async () => ['python3-minimal', 'python3-pip'],
    probe: async (root, libraryPath) => {
      const own = join(root, 'usr/bin/python3');
      const PYTHONPATH = join(root, 'usr/lib/python3/dist-packages');
      return (
        (existsSync(own) && (await probe(own, { ...env, PYTHONPATH, LD_LIBRARY_PATH: libraryPath }, least))) ||
        probe('/usr/bin/python3', { ...env, PYTHONPATH }, least)
      );
    },
    say: (text) => console.log(text),
  });
}

/** Environment with the certificates of Node.js if the machine has none, which pip needs for a download. */
function certificates(): Record<string, string> {
  if (existsSync(CERTIFICATES) || process.env.PIP_CERT !== undefined) return {};
  const file = join(CACHE, 'certificates.pem');
  if (!existsSync(file)) writeFileSync(file, rootCertificates.join('\n'));
  return { PIP_CERT: file };
}

async function probe(command: string, env: Record<string, string>, least: number): Promise<Python | undefined> {
  const run = async (...args: string[]): Promise<string> =>
    (await execute(command, args, { env: { ...process.env, ...env }, timeout: 30_000 })).stdout;
  try {
    const version = (await run('-c', 'import sys; print("%d.%d" % sys.version_info[:2])')).trim();
    const [major, minor] = version.split('.').map(Number);
    if (major !== 3 || (minor as number) < least) return undefined;
    await run('-m', 'pip', '--version');
    return { command, env, version };
  } catch {
    return undefined;
  }
}

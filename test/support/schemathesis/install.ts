import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findPython, type Python } from '../find-python.js';

const CACHE = resolve(import.meta.dirname, '../../../.cache/schemathesis');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
/** Oldest Python 3 that schemathesis runs on. */
const PYTHON_MIN = 11;
const INSTALL_MS = 240_000;
const REMEDY =
  `install Python 3.${PYTHON_MIN} or newer with pip (Debian, Ubuntu: sudo apt-get install python3-pip), ` +
  'let pip reach its package index (PIP_INDEX_URL), and start again';

/** An installed schemathesis: a command with its first arguments and its environment. */
export interface Schemathesis {
  command: string;
  script: string;
  env: Record<string, string>;
}

/**
 * Schemathesis in the repository's `.cache`, installed there by pip at its first use with the versions of
 * `requirements.txt`.
 */
export async function installSchemathesis(): Promise<Schemathesis> {
  try {
    const python = await findPython(PYTHON_MIN);
    const versions = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
    const folder = join(CACHE, `${versions}-python${python.version}`);
    if (!existsSync(folder)) await installInto(folder, python);
    const PYTHONPATH = [folder, python.env.PYTHONPATH].filter(Boolean).join(':');
    return { command: python.command, script: join(folder, 'bin/schemathesis'), env: { ...python.env, PYTHONPATH } };
  } catch (error) {
    throw new Error(`tests need schemathesis, and it could not be installed: ${(error as Error).message}; ${REMEDY}`, {
      cause: error,
    });
  }
}

/** Moves the packages to their folder when all are there: another process may be installing too. */
async function installInto(folder: string, { command, env }: Python): Promise<void> {
  console.log('installing schemathesis (25 MB) by pip into .cache/schemathesis, once');
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'install-'));
  try {
    const target = join(work, 'packages');
    const options = ['--quiet', '--no-input', '--disable-pip-version-check', '--only-binary', ':all:'];
    await promisify(execFile)(command, ['-m', 'pip', 'install', ...options, '--target', target, '-r', REQUIREMENTS], {
      env: { ...process.env, ...env },
      timeout: INSTALL_MS,
    });
    if (!existsSync(folder)) renameSync(target, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

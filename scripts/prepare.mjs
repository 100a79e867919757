import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Advice, findNode, ROOT, run, runTool } from './run.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const INSTALL_STAMP = join(ROOT, 'node_modules/.tocsin-installed');
const BUILD_STAMP = join(ROOT, 'dist/.built-from');
/** Inputs of the build besides the sources. */
const BUILD_FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/copy-assets.mjs',
];
const BUILD_FOLDERS = ['apps', 'libs'];
/** Development packages hold the compiler, optional ones Node itself and PostgreSQL: both are always needed. */
export const NPM_CI = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];

/** Brings packages and built programs up to date; does nothing where they are. */
export async function prepare() {
  await install();
  findNode();
  await build();
}

async function install() {
  const hash = sha256(readFileSync(LOCK));
  if (isInstalled(hash)) return;
  console.log('Installing packages (half a minute; only when they have changed) …');
  const npm = npmCommand();
  const startedAt = performance.now();
  const code = await run(npm.command, [...npm.args, ...NPM_CI]).catch((error) => {
    throw new Advice(`npm could not be started (${error.message}). Is it installed?`);
  });
  if (code !== 0) {
    throw new Advice(
      'The packages could not be installed; npm says why above. Most often the registry is out of reach: check the\n' +
        'network and proxy settings (npm ping), then start again. What is half installed is replaced by then.',
    );
  }
  writeFileSync(INSTALL_STAMP, hash);
  console.log(`Packages installed in ${seconds(startedAt)}.`);
}

/** Installed from this very lock file; or by hand, which npm notes in a file of its own. */
function isInstalled(hash) {
  if (!existsSync(INSTALLED)) return false;
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === hash) return true;
  if (statSync(INSTALLED).mtimeMs < statSync(LOCK).mtimeMs) return false;
  writeFileSync(INSTALL_STAMP, hash);
  return true;
}

/** Under `npm start` the very npm that runs this; npm on the PATH otherwise. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? { command: process.execPath, args: [script] } : { command: 'npm', args: [] };
}

async function build() {
  const hash = sourceHash();
  if (existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === hash) return;
  console.log('Building …');
  const startedAt = performance.now();
  const compiled = (await runTool('typescript7/bin/tsc', ['-p', 'tsconfig.build.json'])) === 0;
  const copied = compiled && (await run(findNode(), ['scripts/copy-assets.mjs'])) === 0;
  if (!copied || (await run(findNode(), ['apps/console/build.mjs'])) !== 0) {
    throw new Advice('The sources do not build; see above. If you have not changed them: git status, git pull.');
  }
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(BUILD_STAMP, hash);
  console.log(`Built in ${seconds(startedAt)}.`);
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const path of [...BUILD_FILES, ...BUILD_FOLDERS.flatMap(sourcesIn)]) {
    hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

function sourcesIn(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !path.endsWith('.spec.ts') && !/\/(node_modules|dist)\//.test(path))
    .sort();
}

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

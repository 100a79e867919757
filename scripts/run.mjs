import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');
/** Newer than what a machine may bring: comes with the packages on Linux. */
export const NODE_MAJOR = 24;

/** An error with a remedy for the user; shown without a stack. */
export class Advice extends Error {}

/** Runs a program with its output shown; settles with its exit code, 128 and more when a signal ended it. */
export function run(command, args, { env = process.env, cwd = ROOT } = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => settle(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 9)));
  });
}
export const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** The Node that everything built runs under. npm 10 installs its package without a link in .bin. */
export function findNode() {
  const installed = ['.bin/node', `node-${process.platform}-${process.arch}/bin/node`]
    .map((path) => join(ROOT, 'node_modules', path))
    .find((path) => existsSync(path));
  if (installed) return installed;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) return process.execPath;
  throw new Advice(
    `Node ${NODE_MAJOR} or newer is needed, and npm has none for ${process.platform} ${process.arch}; this is ${process.version}.\n` +
      (process.platform === 'darwin'
        ? 'Install it: brew install node'
        : 'Install it from your package manager or nodejs.org') +
      ', then start again.',
  );
}

/** Runs a program of an installed package under the right Node, regardless of its first line. */
export function runTool(path, args, options) {
  return run(findNode(), [join(ROOT, 'node_modules', path), ...args], options);
}

/** Runs the steps of a script; says what went wrong in words, and ends with the code the last one gave. */
export function main(program) {
  program().then(
    (code) => process.exit(code ?? 0),
    (error) => {
      console.error(error instanceof Advice ? `\n${error.message}` : error);
      process.exit(1);
    },
  );
}

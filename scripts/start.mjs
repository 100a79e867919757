// npm start: installs and builds what is missing, then runs the whole system until it is told to stop.
import { spawn } from 'node:child_process';
import { prepare } from './prepare.mjs';
import { findNode, main, ROOT, SIGNAL_NUMBERS } from './run.mjs';

const SUPERVISOR = 'dist/apps/standalone/src/main.js';
const NPM_POLL_MS = 500;

function supervise() {
  // The channel tells the supervisor when this process is killed; Ctrl-C reaches both, which it takes for one.
  const child = spawn(findNode(), ['--enable-source-maps', SUPERVISOR], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithNpm(child);
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => settle(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 9)));
  });
}

/**
 * npm runs this in place of a shell (`exec` in package.json), so that npm's signals arrive. Killed outright, npm
 * cannot pass one on: then whoever started it believes that everything has ended.
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, NPM_POLL_MS).unref();
}

main(async () => {
  await prepare();
  return supervise();
});

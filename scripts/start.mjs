// npm start: installs and builds what is missing, then runs the whole system until SIGTERM or Ctrl-C.
import { spawn } from 'node:child_process';
import { prepare } from './prepare.mjs';
import { findNode, main, ROOT, SIGNAL_NUMBERS } from './run.mjs';

const SUPERVISOR = 'dist/apps/standalone/src/main.js';
const NPM_POLL_MS = 500;

function supervise() {
  // The IPC channel closes when this process is killed, which the supervisor notices. Ctrl-C reaches both processes.
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
 * Stops the system when npm is killed. npm runs this instead of a shell (`exec` in package.json), so that its signals
 * arrive; but an npm that gets SIGKILL cannot pass one on.
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

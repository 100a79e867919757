// npm start: installs and builds what is missing, then runs the whole system until it is told to stop.
import { spawn } from 'node:child_process';
import { prepare } from './prepare.mjs';
import { findNode, main, ROOT, SIGNAL_NUMBERS } from './run.mjs';

const SUPERVISOR = 'dist/apps/standalone/src/main.js';
const PARENT_POLL_MS = 500;

function supervise() {
  // The channel tells the supervisor when this process is killed; Ctrl-C reaches both, which it takes for one.
  const child = spawn(findNode(), ['--enable-source-maps', SUPERVISOR], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  stopWithParent(child);
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => settle(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 9)));
  });
}

/** Killed outright, npm cannot pass a signal on: then whoever started it believes that everything has ended. */
function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, PARENT_POLL_MS).unref();
}

main(async () => {
  await prepare();
  return supervise();
});

import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Read before this process is pinned, which lowers the number. */
const CORES = availableParallelism();

/** Whether commands can be pinned to cores. */
export function canPin() {
  if (CORES < 2) return false;
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Pins all threads of processes that run already to every core but the last one. */
export function keepOffLastCore(pids) {
  for (const pid of pids) execFileSync('taskset', ['-acp', `0-${CORES - 2}`, String(pid)], { stdio: 'ignore' });
}

/** The words of a command that runs on the last core. */
export const onLastCore = (words) => ['taskset', '-c', String(CORES - 1), ...words];

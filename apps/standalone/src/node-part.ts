import { join } from 'node:path';
import type { Environment } from '#libs/config';
import type { DataFolder } from './data-folder.js';
import { repositoryRoot } from './repository.js';
import { type ServerProcess, startServer } from './server-process.js';

/** Longer than a process takes to hand back what it holds. */
const STOP_WITHIN_MS = 15_000;

export interface NodePart {
  /** For people: `worker 1`. */
  name: string;
  /** Built program, from the repository's root. */
  script: string;
  env: Environment;
  folder: DataFolder;
  /** Called when the program says that it is up. */
  onUp?: () => void;
}

/**
 * Names are looked up on libuv's threads, four unless told otherwise: a few hosts whose name server is dead would hold
 * up every other lookup, and file access with it.
 */
const THREADS = '32';

/** Starts a program of the repository under this Node; it ends itself when the channel to this process closes. */
export function startNodePart({ name, script, env, folder, onUp }: NodePart): Promise<ServerProcess> {
  return startServer({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(repositoryRoot, script)],
    env: { UV_THREADPOOL_SIZE: THREADS, ...env },
    deathSignal: 'SIGTERM',
    stopSignals: [['SIGTERM', STOP_WITHIN_MS]],
    pidFile: join(folder.pids, `${name.replaceAll(' ', '-')}.pid`),
    ipc: true,
    onMessage: (message) => message === 'up' && onUp?.(),
  });
}

import { join } from 'node:path';
import type { Environment } from '#libs/config';
import type { DataFolder } from './data-folder.js';
import { repositoryRoot } from './repository.js';
import { type ServerProcess, startServer } from './server-process.js';

/** Time for a stop: longer than a process takes to settle and release its work. */
const STOP_WITHIN_MS = 15_000;

export interface NodePart {
  /** Name in messages: `worker 1`. */
  name: string;
  /** Path of the built program, from the repository's root. */
  script: string;
  env: Environment;
  folder: DataFolder;
  /** Called when the program reports that it is up. */
  onUp?: () => void;
}

/**
 * Threads of libuv, which also resolve names. With the default of four, a few hosts with a dead name server would delay
 * every other lookup, and file access too.
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

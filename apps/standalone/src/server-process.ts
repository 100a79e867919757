import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePidFile, writePidFile } from './pid-file.js';

/** A program to run beside this process, and the way to stop it. */
export interface ServerCommand {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** Runs the program as another user; needs root. */
  ids?: { uid: number; gid: number };
  /** A program that runs the command, such as `unshare …`. */
  wrapper?: readonly string[];
  /** Sent by the kernel when this process dies without a chance to stop it. */
  deathSignal: NodeJS.Signals;
  /** Signals that stop it, each with its time before the next; SIGKILL comes last. */
  stopSignals: readonly (readonly [signal: NodeJS.Signals, waitMs: number])[];
  /** File for its output; by default the output of this process. */
  logFile?: string;
  pidFile?: string;
  /** Opens an IPC channel to a Node process, which ends when this process does. */
  ipc?: boolean;
  /** Called with each message of the channel. */
  onMessage?: (message: unknown) => void;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended: with `exit code 1`, or with the signal that ended it. */
  readonly exit: Promise<string>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Sends the stop signals in turn; settles when the process has ended. */
  stop(): Promise<void>;
}

const LOG_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Starts a program in a session of its own, so that Ctrl-C in a terminal reaches this process alone, which then stops
 * its children in the right order.
 */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const [file, ...args] = [
    ...(server.wrapper ?? []),
    ...deathSignalPrefix(server.deathSignal),
    server.command,
    ...server.args,
  ] as [string, ...string[]];
  const log = server.logFile === undefined ? 'inherit' : openLog(server.logFile);
  const child = spawn(file, args, {
    cwd: server.cwd,
    env: { ...server.env } as NodeJS.ProcessEnv,
    ...server.ids,
    detached: true,
    stdio: ['ignore', log, log, ...(server.ipc ? (['ipc'] as const) : [])],
  });
  if (server.onMessage) child.on('message', server.onMessage);
  if (typeof log === 'number') closeSync(log);
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid as number;
  if (server.pidFile) writePidFile(server.pidFile, pid);
  const exit = exitOf(child, server.pidFile);
  return {
    name: server.name,
    pid,
    exit,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    kill: (signal) => void child.kill(signal),
    stop: () => stopChild(child, exit, server.stopSignals),
  };
}

function exitOf(child: ChildProcess, pidFile: string | undefined): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      if (pidFile) removePidFile(pidFile);
      resolve(signal ?? `exit code ${code}`);
    });
  });
}

async function stopChild(
  child: ChildProcess,
  exit: Promise<string>,
  signals: ServerCommand['stopSignals'],
): Promise<void> {
  for (const [signal, waitMs] of signals) {
    child.kill(signal);
    const giveUp = new AbortController();
    const gone = await Promise.race([exit, sleep(waitMs, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    if (gone !== undefined) return;
  }
  child.kill('SIGKILL');
  await exit;
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size > LOG_BYTES_MAX ? 'w' : 'a', 0o600);
}

let canSetDeathSignal: boolean | undefined;

/** Finds `setpriv` of util-linux, which nearly every Linux has; elsewhere the next start ends leftovers. */
function deathSignalPrefix(signal: NodeJS.Signals): string[] {
  const prefix = ['setpriv', '--pdeathsig', signal.replace(/^SIG/, ''), '--'];
  canSetDeathSignal ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return canSetDeathSignal ? prefix : [];
}

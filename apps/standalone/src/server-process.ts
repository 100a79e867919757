import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePidFile, writePidFile } from './pid-file.js';

/** A program to run beside this process, and how it ends. */
export interface ServerCommand {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** Run as another user; only root can. */
  ids?: { uid: number; gid: number };
  /** A program that runs the command, such as `unshare …`. */
  wrapper?: readonly string[];
  /** Sent by the kernel when this process dies without a chance to stop it. */
  deathSignal: NodeJS.Signals;
  /** What asks it to stop, each given its time before the next; SIGKILL comes last. */
  stopSignals: readonly (readonly [signal: NodeJS.Signals, waitMs: number])[];
  /** Where its output goes; without it, to this process' own. */
  logFile?: string;
  pidFile?: string;
  /** Opens a channel to a Node process, which ends when this process does. */
  ipc?: boolean;
  /** Told each message that comes through the channel. */
  onMessage?: (message: unknown) => void;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process is gone: with `exit code 1`, or `SIGKILL` where a signal ended it. */
  readonly exit: Promise<string>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks, waits, insists; settles when the process is gone. */
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

/** `setpriv` is part of util-linux, so nearly every Linux has it; elsewhere leftovers are ended at the next start. */
function deathSignalPrefix(signal: NodeJS.Signals): string[] {
  const prefix = ['setpriv', '--pdeathsig', signal.replace(/^SIG/, ''), '--'];
  canSetDeathSignal ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return canSetDeathSignal ? prefix : [];
}

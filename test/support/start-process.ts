import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from './wait-for.js';

export interface TestProcess {
  readonly pid: number;
  /** Its output so far. */
  output(): string;
  /** Waits until its output matches, and returns the match. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Settles with its exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>;
  kill9(): Promise<void>;
  /** Stops it by SIGSTOP: it keeps its connections and executes nothing. */
  pause(): void;
  /** Continues it by SIGCONT. */
  resume(): void;
  /** Sends a message to it, as to a forked process. */
  send(message: object): void;
  /** Sends SIGTERM, and SIGKILL after the given time; returns the exit code or signal. */
  stop(timeoutMs?: number): Promise<number | NodeJS.Signals>;
}

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Runs a built program of the repository (`dist/apps/api/src/main.js`) under this Node, with the given variables over
 * a nearly empty environment, so that a test does not depend on the user's.
 */
export function startProcess(script: string, env: Record<string, string> = {}, args: string[] = []): TestProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', resolve(ROOT, script), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  let gone = false;
  const exit = new Promise<number | NodeJS.Signals>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      gone = true;
      settle(signal ?? code ?? 0);
    });
  });
  return {
    pid: child.pid as number,
    output: () => output,
    exit,
    printed(pattern, timeoutMs = 15_000) {
      return waitFor(
        () => {
          const match = pattern.exec(output);
          if (!match && gone) throw new Error(`${script} ended; it printed:\n${output}`);
          return match;
        },
        { timeoutMs, what: `${pattern} from ${script}` },
      ).catch((error: Error) => {
        throw new Error(`${error.message}; it printed:\n${output}`, { cause: error });
      });
    },
    async kill9() {
      child.kill('SIGKILL');
      await exit;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    send: (message) => void child.send(message),
    async stop(timeoutMs = 20_000) {
      child.kill('SIGTERM');
      const late = new AbortController();
      sleep(timeoutMs, undefined, { signal: late.signal }).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      return exit.finally(() => late.abort());
    },
  };
}

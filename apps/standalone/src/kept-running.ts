import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.js';

/** A process of the system that is restarted when it dies. */
export interface KeptPart {
  readonly name: string;
  /** Number of the running process; undefined between two. */
  pid(): number | undefined;
  /** Number of times it died by itself. */
  deaths(): number;
  stop(): Promise<void>;
}

/** Pauses before a restart, in milliseconds: none at first, then longer, so that a broken process does not load the machine. */
const RESTART_DELAYS_MS = [0, 200, 500, 1_000, 2_000, 5_000] as const;
/** Running time after which the next death counts as the first, in milliseconds. */
const WELL_AFTER_MS = 20_000;

/** Starts a process and keeps it running until it is stopped. The first start must succeed. */
export async function keepRunning(
  name: string,
  start: () => Promise<ServerProcess>,
  say: (text: string) => void,
): Promise<KeptPart> {
  const stopping = new AbortController();
  let current: ServerProcess | undefined = await start();
  let deaths = 0;

  const loop = async (): Promise<void> => {
    let failures = 0;
    let startedAt = performance.now();
    while (!stopping.signal.aborted) {
      const how = current ? await current.exit : 'not started';
      if (stopping.signal.aborted) return;
      if (current) {
        deaths++;
        if (performance.now() - startedAt > WELL_AFTER_MS) failures = 0;
      }
      current = undefined;
      const delayMs = RESTART_DELAYS_MS[Math.min(failures++, RESTART_DELAYS_MS.length - 1)] ?? 0;
      say(`${name} died (${how}); restarting it ${delayMs === 0 ? 'now' : `in ${delayMs / 1000} s`}`);
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      startedAt = performance.now();
      current = await start().catch((error: Error) => void say(`${name}: ${error.message}`));
      if (current && !current.hasExited()) say(`${name} is back`);
    }
  };
  const ended = loop();

  return {
    name,
    pid: () => current?.pid,
    deaths: () => deaths,
    async stop() {
      stopping.abort();
      await current?.stop();
      await ended;
      // A start that was in progress at the stop has ended meanwhile.
      await current?.stop();
    },
  };
}

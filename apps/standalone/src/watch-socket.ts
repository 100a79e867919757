import { existsSync } from 'node:fs';
import type { KeptPart } from './kept-running.js';
import { sendSignal } from './process-table.js';

const LOOK_EVERY_MS = 1_000;

/**
 * Stops a server whose socket was removed with temporary files, so that it is restarted with a socket: it still runs, but
 * is unreachable. Returns the process with the watch, which ends with it.
 */
export function watchSocket(part: KeptPart, socket: string, say: (text: string) => void): KeptPart {
  let missed: number | undefined;
  const watch = setInterval(() => {
    const pid = existsSync(socket) ? undefined : part.pid();
    // Missing twice with the same process: between two processes, or while one ends, a missing socket is normal.
    if (pid !== undefined && pid === missed) {
      say(`the socket of ${part.name} is gone (${socket})`);
      sendSignal(pid, 'SIGTERM');
    }
    missed = pid;
  }, LOOK_EVERY_MS);
  return {
    ...part,
    async stop() {
      clearInterval(watch);
      await part.stop();
    },
  };
}

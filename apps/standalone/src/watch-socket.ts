import { existsSync } from 'node:fs';
import type { KeptPart } from './kept-running.js';
import { sendSignal } from './process-table.js';

const LOOK_EVERY_MS = 1_000;

/**
 * A server whose socket was cleared away from among the temporary files runs on, but nobody reaches it any more: it is
 * stopped, so that it is started again with a socket. Returns the part with the watch, which ends as it stops.
 */
export function watchSocket(part: KeptPart, socket: string, say: (text: string) => void): KeptPart {
  let missed: number | undefined;
  const watch = setInterval(() => {
    const pid = existsSync(socket) ? undefined : part.pid();
    // Seen twice with the same process: between two, or while one ends, a missing socket is as it should be.
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

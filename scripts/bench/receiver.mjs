import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const STUCK_AFTER_MS = 30_000;

/** Controls the process of the HTTP receiver. */
export class Receiver {
  static async start() {
    const child = fork(join(import.meta.dirname, 'receiver-process.mjs'), { detached: true });
    const [{ port }] = await once(child, 'message');
    return new Receiver(child, port);
  }

  constructor(child, port) {
    this.child = child;
    this.url = `http://127.0.0.1:${port}/`;
  }

  /**
   * Counts arrivals from now on and settles once `count` different objects have arrived. Returns the time of the last
   * arrival (`process.hrtime`) and the milliseconds from each event's label `sent` to its arrival.
   */
  async expect(count) {
    this.child.send({ expect: count, withinMs: STUCK_AFTER_MS });
    const [{ lastAt, latencies, arrived }] = await once(this.child, 'message');
    if (arrived < count) throw new Error(`${arrived} of ${count} events arrived within ${STUCK_AFTER_MS / 1_000} s`);
    return { lastAt: BigInt(lastAt), latencies };
  }

  async stop() {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

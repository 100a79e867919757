import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const ASK_WITHIN_MS = 5_000;

/** The address at which this machine reaches a listener. */
export function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Polls `/readyz` until it answers 200. Throws its last answer after the time limit, or the reason of `giveUp`. */
export async function untilReady(url: string, timeoutMs: number, giveUp: () => string | undefined): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    const reason = giveUp();
    if (reason !== undefined) throw new Error(reason);
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
      const text = await answer.text();
      if (answer.ok) return;
      last = `${answer.status} ${text.slice(0, 500)}`;
    } catch {
      // It does not listen yet.
    }
    await sleep(POLL_MS);
  }
  throw new Error(`${url}/readyz is not ready after ${timeoutMs / 1000} s: ${last}`);
}

/** Waits until each of these names is in `up`. Throws after the time limit, or the reason of `giveUp`. */
export async function untilUp(
  names: readonly string[],
  up: ReadonlySet<string>,
  timeoutMs: number,
  giveUp: () => string | undefined,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const missing = names.filter((name) => !up.has(name));
    if (missing.length === 0) return;
    const reason = giveUp();
    if (reason !== undefined) throw new Error(reason);
    if (performance.now() > deadline) throw new Error(`not up after ${timeoutMs / 1000} s: ${missing.join(', ')}`);
    await sleep(POLL_MS);
  }
}

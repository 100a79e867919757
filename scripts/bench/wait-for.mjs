import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/** Asks again and again until it holds. */
export async function waitFor(holds, mostMs, what, pollMs = POLL_MS) {
  const deadline = performance.now() + mostMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${mostMs / 1_000} s for ${what}`);
    await sleep(pollMs);
  }
}

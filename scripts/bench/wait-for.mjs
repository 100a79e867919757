import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/** Polls until the condition holds; throws after `mostMs`. */
export async function waitFor(holds, mostMs, condition, pollMs = POLL_MS) {
  const deadline = performance.now() + mostMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${mostMs / 1_000} s for ${condition}`);
    await sleep(pollMs);
  }
}

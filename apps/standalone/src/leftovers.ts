import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLivePid } from './pid-file.js';
import { sendSignal } from './process-table.js';

/** Time before SIGKILL: the next start must be ready within seconds, and the kill loses no data that counts. */
const GRACE_MS = 2_000;

/**
 * Ends processes that a killed start left. The data folder has their number and start time, so no other process is
 * affected. Redis and PostgreSQL end last.
 */
export async function endLeftovers(pids: string): Promise<string[]> {
  const names = readdirSync(pids)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => file.slice(0, -'.pid'.length));
  const isData = (name: string): boolean => name === 'redis' || name === 'postgres';
  const ended = await Promise.all(names.filter((name) => !isData(name)).map((name) => endLeftover(pids, name)));
  ended.push(...(await Promise.all(names.filter(isData).map((name) => endLeftover(pids, name)))));
  return ended.filter((name) => name !== undefined);
}

async function endLeftover(pids: string, name: string): Promise<string | undefined> {
  const path = join(pids, `${name}.pid`);
  // On SIGTERM PostgreSQL would wait for its clients; on SIGQUIT it leaves all to recovery, which takes milliseconds.
  const signals: NodeJS.Signals[] = name === 'postgres' ? ['SIGINT', 'SIGQUIT', 'SIGKILL'] : ['SIGTERM', 'SIGKILL'];
  let found = false;
  for (const signal of signals) {
    const pid = readLivePid(path);
    if (pid === undefined) break;
    found = true;
    sendSignal(pid, signal);
    for (
      const deadline = performance.now() + GRACE_MS;
      performance.now() < deadline && readLivePid(path) !== undefined;
    )
      await sleep(20);
  }
  return found ? name : undefined;
}

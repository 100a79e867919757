import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLivePid } from './pid-file.js';
import { sendSignal } from './process-table.js';

/** A next start is promised within seconds; nothing that counts is lost by the kill that follows. */
const GRACE_MS = 2_000;

/**
 * Ends the processes of a start that was killed before it could. They are known by number and start time from the
 * data folder, so nothing else can be hit. Servers of data go last.
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
  // PostgreSQL would wait for its clients on SIGTERM, and on SIGQUIT leave all to recovery, which takes milliseconds.
  const signals: NodeJS.Signals[] = name === 'postgres' ? ['SIGINT', 'SIGQUIT', 'SIGKILL'] : ['SIGTERM', 'SIGKILL'];
  let found = false;
  for (const signal of signals) {
    const pid = readLivePid(path);
    if (pid === undefined) break;
    found = true;
    sendSignal(pid, signal);
    for (const deadline = Date.now() + GRACE_MS; Date.now() < deadline && readLivePid(path) !== undefined; )
      await sleep(20);
  }
  return found ? name : undefined;
}

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processMark } from './process-table.js';

/** Records a process by number and mark, so that a reused number is never mistaken for it. */
export function writePidFile(path: string, pid: number): void {
  const text = JSON.stringify({ pid, mark: processMark(pid) });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export const removePidFile = (path: string): void => rmSync(path, { force: true });

/** The recorded process of a file, if it still runs. */
export function readLivePid(path: string): number | undefined {
  try {
    const { pid, mark } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown; mark?: unknown };
    return typeof pid === 'number' && typeof mark === 'string' && processMark(pid) === mark ? pid : undefined;
  } catch {
    return undefined;
  }
}

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Advice } from '../run.mjs';

const ticksPerSecond = () => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Reads CPU time in microseconds, user and system, over all threads. It covers the process, its descendants, and
 * those descendants that have ended, since PostgreSQL starts and ends processes all the time.
 */
export function openCpuClock() {
  if (!existsSync('/proc/self/stat')) {
    throw new Advice('`--against` reads CPU time from /proc/<pid>/stat, which only Linux has.');
  }
  const microsecondsPerTick = 1e6 / ticksPerSecond();
  return (pid) => ticksOf(pid, readProcesses()) * microsecondsPerTick;
}

function readProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        // It ended after the folder was listed.
        return [];
      }
    });
}

/** One process of /proc/<pid>/stat. Its name stands in brackets and may contain blanks and brackets. */
export function parseStat(text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), ticks: utime + stime + cutime + cstime };
}

/** Clock ticks of a process and of all that descend from it. */
export function ticksOf(pid, processes) {
  const own = processes.find((process) => process.pid === pid);
  if (own === undefined) throw new Error(`process ${pid} has ended`);
  const children = processes.filter((process) => process.parent === pid);
  return children.reduce((sum, child) => sum + ticksOf(child.pid, processes), own.ticks);
}

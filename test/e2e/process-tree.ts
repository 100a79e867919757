import { execFileSync } from 'node:child_process';

export interface LivingProcess {
  pid: number;
  command: string;
}

/** A process and all its descendants. */
export function processesBelow(pid: number): LivingProcess[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, own, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return own === undefined ? [] : [{ pid: Number(own), ppid: Number(parent), command: command ?? '' }];
    });
  const family = all.filter((one) => one.pid === pid);
  for (const parent of family) family.push(...all.filter(({ ppid }) => ppid === parent.pid));
  return family.map(({ pid: own, command }) => ({ pid: own, command }));
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Writes a file that takes all free space but some bytes. */
  fill(leaveBytes?: number): void;
  /** Removes that file. */
  makeRoom(): void;
  /** Unmounts it. All its files must be closed. */
  remove(): void;
}

const CHUNK = Buffer.alloc(4096, 'x');

/** Mounts a disk of some MiB; undefined, with a printed reason, where mounting is not allowed. */
export function mountSmallDisk(kind: 'tmpfs' | 'ext4', mib: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), `tocsin-${kind}-`));
  const image = `${folder}.img`;
  try {
    if (kind === 'tmpfs') run('mount', '-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', folder);
    else {
      run('truncate', '-s', `${mib}M`, image);
      run('mkfs.ext4', '-q', '-m', '0', image);
      run('mount', '-o', 'loop', image, folder);
    }
  } catch (error) {
    rmdirSync(folder);
    rmSync(image, { force: true });
    console.log(`not run: a ${kind} disk cannot be mounted here: ${(error as Error).message}`);
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(leaveBytes = 0) {
      const { bavail, bsize } = statfsSync(folder);
      for (let left = bavail * bsize - leaveBytes; left > 0; left -= CHUNK.length) {
        try {
          writeFileSync(filler, CHUNK, { flag: 'a' });
        } catch {
          return;
        }
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove() {
      // Lazily, so that a process that could not be stopped leaves no mount behind.
      run('umount', '-l', folder);
      rmdirSync(folder);
      rmSync(image, { force: true });
    },
  };
}

const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'pipe' });

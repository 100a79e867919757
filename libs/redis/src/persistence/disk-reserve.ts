import { statfs } from 'node:fs/promises';

/** Memory of Redis that a rewrite of its file may take on the disk, with a margin. */
const REWRITE_SHARE = 1.2;
/** Bytes that the file grows by while one pending delivery is sent and recorded. */
const PENDING_BYTES = 1024;
const MARGIN_BYTES = 16 * 1024 * 1024;
/** Bytes in the file per announced byte of an event: the command, its record and its claim. */
const ANNOUNCED_SHARE = 4;
const MIB = 1024 * 1024;

export interface DiskOptions {
  /** Folder of Redis' data. */
  folder: string;
  /** Number of deliveries that are not sent yet. */
  pending(): Promise<number>;
  /** Free bytes of the folder's disk; by default of `statfs`. */
  freeBytes?: (folder: string) => Promise<number>;
}

/** Free space and reserve of the disk by the last check, in bytes. */
export interface DiskSpace {
  free: number;
  reserve: number;
}

export interface DiskReserve {
  /** Reads the free space alone. */
  checkFree(): Promise<void>;
  /** Reads the free space and computes the reserve for a Redis that uses so many bytes of memory. */
  check(usedMemory: number): Promise<void>;
  space(): DiskSpace | undefined;
  /** Reason to refuse events; undefined if the disk has room for the announced bytes. */
  trouble(announcedBytes: number): string | undefined;
  /** Whether a rewrite of the file fits. */
  hasRoomToRewrite(usedMemory: number): boolean;
}

/**
 * Watches the disk of Redis' append-only file. Events are refused below a reserve, which is left for the pending
 * deliveries and for a rewrite of the file.
 */
export function createDiskReserve({ folder, pending, freeBytes = freeOf }: DiskOptions): DiskReserve {
  let free: number | undefined;
  let reserve = 0;
  let waiting = 0;
  const checkFree = async (): Promise<void> => {
    free = await freeBytes(folder);
  };
  return {
    checkFree,
    async check(usedMemory) {
      await checkFree();
      // A Redis that cannot write may refuse to count them.
      waiting = await pending().catch(() => waiting);
      reserve = REWRITE_SHARE * usedMemory + PENDING_BYTES * waiting + MARGIN_BYTES;
    },
    space: () => (free === undefined ? undefined : { free, reserve }),
    trouble(announcedBytes) {
      const announced = ANNOUNCED_SHARE * announcedBytes;
      if (free === undefined || free - announced >= reserve) return undefined;
      const arriving =
        announced < MIB ? '' : `, ${Math.ceil(announced / MIB)} MiB are needed for events that are arriving`;
      return (
        `the disk of ${folder} is full: ${Math.floor(free / MIB)} MiB are free, ${Math.ceil(reserve / MIB)} MiB are ` +
        `reserved for the pending deliveries${arriving}; make room there`
      );
    },
    hasRoomToRewrite: (usedMemory) => free === undefined || free >= REWRITE_SHARE * usedMemory + MARGIN_BYTES / 4,
  };
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

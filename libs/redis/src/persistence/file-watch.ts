import type { nodesOf } from '../connection/connection.js';
import { usedMemoryOf } from '../connection/redis-info.js';
import { AppendFileGuard, type AppendFileVerdict, WRITE_FAILED } from './append-file-guard.js';
import { readAppendFileState } from './append-file-state.js';
import type { DiskReserve, DiskSpace } from './disk-reserve.js';
import { faultOf, versionOf } from './faulty-versions.js';

/** Time for which the free space is valid, in milliseconds: a few portions of events. */
const FRESH_MS = 20;
/** Size of the file beside the memory from which a rewrite frees space. */
const LARGE_SHARE = 2;

export interface FileWatch {
  check(nodes: ReturnType<typeof nodesOf>, infos: readonly string[]): Promise<void>;
  /** Reads the free space again unless that was done just now. */
  checkFree(): Promise<void>;
  /** Notes a failed write. Events are refused until the file was rewritten. */
  noteFailed(): void;
  /** @param ordinary whether the events are not about Tocsin itself @param announcedBytes bytes not written yet */
  trouble(ordinary: boolean, announcedBytes: number): string | undefined;
  diskSpace(): DiskSpace | undefined;
  versionFault(): string | undefined;
}

/** Watches the append-only files of all nodes, and the disk if it is on this machine. */
export function createFileWatch({ disk }: { disk?: DiskReserve | undefined }): FileWatch {
  const guard = new AppendFileGuard();
  let verdicts: AppendFileVerdict[] = [];
  let fault: string | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  /** Whether a write has failed since the last check. */
  let hasFailed = false;

  async function check(nodes: ReturnType<typeof nodesOf>, infos: readonly string[], failed: boolean): Promise<void> {
    const used = Math.max(...infos.map(usedMemoryOf));
    await disk?.check(used);
    const isShort = disk?.trouble(0) !== undefined;
    verdicts = await Promise.all(
      nodes.map((node, i) => {
        const info = infos[i] ?? '';
        const isWanted = isShort && readAppendFileState(info).bytes > LARGE_SHARE * usedMemoryOf(info);
        return guard.check(node, info, { hasRoom: disk?.hasRoomToRewrite(used) ?? true, isWanted, hasFailed: failed });
      }),
    );
    fault = infos.map((info) => faultOf(versionOf(info) ?? '')).find((found) => found !== undefined);
  }

  return {
    async check(nodes, infos) {
      const failed = hasFailed;
      hasFailed = false;
      await check(nodes, infos, failed).catch((error) => {
        hasFailed ||= failed;
        throw error;
      });
      // It failed during this check, which may not have seen it.
      if (hasFailed) verdicts.push({ unsafe: WRITE_FAILED });
    },
    async checkFree() {
      if (!disk || performance.now() - checkedAt < FRESH_MS) return;
      checkedAt = performance.now();
      await disk.checkFree();
    },
    noteFailed() {
      hasFailed = true;
      verdicts = [...verdicts, { unsafe: WRITE_FAILED }];
    },
    trouble(ordinary, announcedBytes) {
      const unsafe = verdicts.find((verdict) => verdict.unsafe !== undefined)?.unsafe;
      if (unsafe !== undefined || !ordinary) return unsafe;
      return verdicts.find(({ short }) => short !== undefined)?.short ?? disk?.trouble(announcedBytes);
    },
    diskSpace: () => disk?.space(),
    versionFault: () => fault,
  };
}

import { hash } from 'node:crypto';
import type { nodesOf, RedisClient } from '../connection/connection.js';
import { type AppendFileState, readAppendFileState } from './append-file-state.js';

type Node = ReturnType<typeof nodesOf>[number];

/** Shortest time between two requests for a rewrite of the file. */
const REWRITE_EVERY_MS = 10_000;

export const WRITE_FAILED =
  'Redis cannot write its append-only file (aof_last_write_status is not ok); make room on its disk';
const REWRITE_FAILED =
  'Redis could not rewrite its append-only file (aof_last_bgrewrite_status is not ok); make room on its disk. ' +
  'The rewrite is tried again';
const REWRITE_NEEDED = 'Redis rewrites its append-only file, since a write failed and the file may be damaged';

export interface AppendFileVerdict {
  /** Reason to refuse all events: what Redis answers may be lost. */
  unsafe?: string;
  /** Reason to refuse events but those about Tocsin itself. */
  short?: string;
}

export interface Circumstances {
  /** Whether the disk has room for a rewrite. */
  hasRoom: boolean;
  /** Whether a rewrite would free space that is needed. */
  isWanted: boolean;
  /** Whether a write has failed since the last check, also if the next one has succeeded by now. */
  hasFailed: boolean;
}

export interface GuardOptions {
  /** Monotonic time in milliseconds. */
  now?: () => number;
}

/**
 * Watches the append-only file of each node, and has it rewritten whole after a failed write: Redis 7 leaves a hole
 * behind a short write. The need is noted as a cached script of Redis, which accepts those while it refuses writes. It is
 * shared by all processes, and ends with the process of Redis.
 */
export class AppendFileGuard {
  private readonly rewrittenAt = new WeakMap<RedisClient, number>();
  private readonly now: () => number;

  constructor({ now = () => performance.now() }: GuardOptions = {}) {
    this.now = now;
  }

  async check(node: Node, info: string, { hasRoom, isWanted, hasFailed }: Circumstances): Promise<AppendFileVerdict> {
    const state = readAppendFileState(info);
    if (!state.isEnabled) return {};
    if (!state.isWritten || hasFailed) await noteFailedWrite(node, state);
    if (!state.isWritten) return { unsafe: WRITE_FAILED };
    const isDamaged = await hasFailedWrite(node, state);
    // The note names the failed rewrite from now on, so that the next one that fails does not hide it.
    if (isDamaged && !state.isRewriting && !state.isRewritten) await noteFailedWrite(node, state);
    if (!state.isRewriting && hasRoom && (isDamaged || !state.isRewritten || isWanted)) await this.rewrite(node);
    if (isDamaged) return { unsafe: REWRITE_NEEDED };
    return state.isRewritten ? {} : { short: REWRITE_FAILED };
  }

  private async rewrite(node: Node): Promise<void> {
    if (this.now() - (this.rewrittenAt.get(node) ?? Number.NEGATIVE_INFINITY) < REWRITE_EVERY_MS) return;
    this.rewrittenAt.set(node, this.now());
    // An error means that one runs already, or that this user may not ask for one: the state stays as it is.
    await node.call('BGREWRITEAOF').catch(() => {});
  }
}

/** A script that is cached if a write failed after this many rewrites had begun. */
const noteOf = (rewrites: number): string =>
  `return 'a write to the append-only file failed after rewrite ${rewrites}'`;

async function noteFailedWrite(node: Node, { rewrites }: AppendFileState): Promise<void> {
  if (rewrites !== undefined) await node.call('SCRIPT', 'LOAD', noteOf(rewrites));
}

/** Whether a write failed and no rewrite has succeeded since: one that runs has not yet. */
async function hasFailedWrite(node: Node, { rewrites, isRewriting, isRewritten }: AppendFileState): Promise<boolean> {
  if (rewrites === undefined) return false;
  const candidates = isRewriting || !isRewritten ? [rewrites, rewrites - 1] : [rewrites];
  const hashes = candidates.map((n) => sha1(noteOf(n)));
  return ((await node.call('SCRIPT', 'EXISTS', ...hashes)) as number[]).includes(1);
}

const sha1 = (text: string): string => hash('sha1', text, 'hex');

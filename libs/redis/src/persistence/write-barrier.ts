import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { nodesOf, type RedisClient } from '../connection/connection.js';
import { type AppendFileState, readAppendFileState } from './append-file-state.js';

const ASK_EVERY_MS = 2;
/** Redis postpones a write for two seconds at most while a background fsync runs. */
const WRITTEN_WITHIN_MS = 5_000;

/**
 * Creates a function that waits until the append-only file has all commands that were answered before the call. Redis
 * answers commands although it could not write them, and a kill then loses them. Calls during a wait share the next one.
 * The function rejects if a write failed.
 */
export function createWriteBarrier(redis: RedisClient): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  function start(): Promise<void> {
    next = undefined;
    const wait = Promise.all(nodesOf(redis).map(untilWritten)).then(() => {});
    running = wait;
    const finish = (): void => {
      if (running === wait) running = undefined;
    };
    wait.then(finish, finish);
    return wait;
  }
  return () => {
    if (!running) return start();
    next ??= running.then(start, start);
    return next;
  };
}

type Node = ReturnType<typeof nodesOf>[number];

async function untilWritten(node: Node): Promise<void> {
  const deadline = performance.now() + WRITTEN_WITHIN_MS;
  let first = await ask(node);
  for (let n = 0; !isAllWritten(first, first); n++) {
    if (performance.now() > deadline) throw new Error('Redis did not write its append-only file in time');
    await (n === 0 ? nextTurn() : sleep(ASK_EVERY_MS));
    const now = await ask(node);
    if (isAllWritten(first, now)) return;
    // A rewrite changes the size by itself.
    if (now.rewrites !== first.rewrites || now.isRewriting !== first.isRewriting || now.bytes < first.bytes)
      first = now;
  }
}

async function ask(node: Node): Promise<AppendFileState> {
  const state = readAppendFileState(String(await node.call('INFO', 'persistence')));
  if (state.isEnabled && !state.isWritten) throw new Error('Redis could not write its append-only file');
  return state;
}

/** Whether the bytes buffered at the first look are in the file by now. */
export function isAllWritten(first: AppendFileState, now: AppendFileState): boolean {
  if (!now.isEnabled || now.bufferedBytes === 0) return true;
  const isComparable = now.rewrites === first.rewrites && now.isRewriting === first.isRewriting;
  return isComparable && now.bytes >= first.bytes + first.bufferedBytes;
}

import { nodesOf, type RedisClient } from '../connection/connection.js';
import { WriteFailed } from '../connection/failure.js';
import { type AppendFileState, readAppendFileState } from './append-file-state.js';

const ASK_EVERY_MS = 2;
/** Redis postpones a write for two seconds at most while a background fsync runs. */
const WRITTEN_WITHIN_MS = 5_000;

type Node = ReturnType<typeof nodesOf>[number];

/**
 * Creates a function that waits until the append-only file has all commands that this connection answered before the call.
 * Redis answers commands although it could not write them, and a kill then loses them. The function rejects if a write
 * failed.
 */
export function createWriteBarrier(redis: RedisClient): () => Promise<void> {
  const barriers = new WeakMap<Node, NodeBarrier>();
  const barrierOf = (node: Node): NodeBarrier => {
    let barrier = barriers.get(node);
    if (!barrier) {
      barrier = new NodeBarrier(() => node.info('persistence'));
      barriers.set(node, barrier);
    }
    return barrier;
  };
  return async () => {
    await Promise.all(nodesOf(redis).map((node) => barrierOf(node).untilWritten()));
  };
}

interface Waiter {
  /** The first state after the call; undefined until its reply. */
  first: AppendFileState | undefined;
  readonly deadline: number;
  resolve(): void;
  reject(error: Error): void;
}

/** The waiting calls of one node; each reply to INFO is compared with the first state that each call has seen. */
export class NodeBarrier {
  private waiters: Waiter[] = [];
  private isAsking = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param ask reads INFO on the connection whose commands are waited for */
  constructor(
    private readonly ask: () => Promise<string>,
    private readonly now = () => performance.now(),
  ) {}

  untilWritten(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ first: undefined, deadline: this.now() + WRITTEN_WITHIN_MS, resolve, reject });
      this.look();
    });
  }

  /**
   * Asks, unless a question is in flight: the connection answers in order, so Redis reads a question that is not answered
   * yet after every command that was answered before the call.
   */
  private look(): void {
    if (this.isAsking) return;
    clearTimeout(this.timer);
    this.isAsking = true;
    this.ask().then(
      (info) => this.read(readAppendFileState(info)),
      (error) => this.fail(error),
    );
  }

  private read(state: AppendFileState): void {
    this.isAsking = false;
    if (state.isEnabled && !state.isWritten) {
      this.fail(new WriteFailed());
      return;
    }
    const now = this.now();
    this.waiters = this.waiters.filter((waiter) => {
      waiter.first ??= state;
      if (isWritten(waiter.first, state)) waiter.resolve();
      else if (now > waiter.deadline) waiter.reject(new Error('Redis did not write its append-only file in time'));
      else {
        if (!isComparable(waiter.first, state)) waiter.first = state;
        return true;
      }
      return false;
    });
    if (this.waiters.length > 0) this.timer = setTimeout(() => this.look(), ASK_EVERY_MS);
  }

  private fail(error: Error): void {
    this.isAsking = false;
    for (const { reject } of this.waiters.splice(0)) reject(error);
  }
}

/** Whether the bytes that were buffered at the first look are in the file by now. */
export function isWritten(first: AppendFileState, now: AppendFileState): boolean {
  if (!now.isEnabled || now.bufferedBytes === 0) return true;
  return isComparable(first, now) && now.bytes >= first.bytes + first.bufferedBytes;
}

/** Whether no rewrite has begun or ended in between, which changes the size by itself. */
function isComparable(first: AppendFileState, now: AppendFileState): boolean {
  return now.rewrites === first.rewrites && now.isRewriting === first.isRewriting && now.bytes >= first.bytes;
}

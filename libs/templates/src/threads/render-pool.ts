import { Piscina } from 'piscina';
import { type Batch, NOT_BEGUN, type Rendering } from './render-batch.js';
import { beginLimitMs, enforceTimeLimit } from './time-limit.js';

/**
 * How a batch ended: `done` holds the rendered texts, from the first one on; `guilty` is the index of the text that
 * ended its thread, with the reason, and `replaced` resolves when another thread runs in its place.
 */
export type BatchEnd =
  | { readonly done: readonly Rendering[][] }
  | { readonly guilty: number; readonly reason: 'time' | 'memory'; readonly replaced: Promise<void> }
  | { readonly failed: unknown };

export interface RenderPool {
  run(batch: Omit<Batch, 'progress'>): Promise<BatchEnd>;
  close(): Promise<void>;
}

export interface RenderPoolOptions {
  readonly threads: number;
  /** Time one text may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Module that a thread loads; its default export renders a batch. */
  readonly worker?: string;
}

// Threads inherit neither the environment, which holds secrets, nor the arguments of the process.
const ISOLATED = { env: {}, execArgv: [], argv: [] };
const MEMORY_LIMITS = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 };

/** Creates the threads that render users' templates; they start with the first batch. */
export function createRenderPool({ threads, timeoutMs, worker = defaultWorker() }: RenderPoolOptions): RenderPool {
  let running: Piscina | undefined;
  let isClosed = false;
  const pool = () => {
    if (isClosed) throw new Error('the renderer is closed');
    running ??= new Piscina({
      ...ISOLATED,
      filename: worker,
      resourceLimits: MEMORY_LIMITS,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
    })
      // A thread that ends without a batch harms nothing; without a listener the event would end the process.
      .on('error', () => {});
    return running;
  };

  async function restart(): Promise<void> {
    const ended = running;
    running = undefined;
    await ended?.destroy();
  }

  function replaced(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, beginLimitMs(timeoutMs)).unref();
      running?.once('workerCreate', () => resolve());
    });
  }

  return {
    async run(batch) {
      const progress = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const position = new Int32Array(progress).fill(NOT_BEGUN);
      const stop = new AbortController();
      let late: number | undefined;
      const limit = enforceTimeLimit(position, timeoutMs, (at) => {
        late = at;
        stop.abort();
      });
      try {
        return { done: await pool().run({ ...batch, progress }, { signal: stop.signal }) };
      } catch (error) {
        if (late === NOT_BEGUN) void restart();
        else if (late !== undefined) return { guilty: late, reason: 'time', replaced: replaced() };
        const guilty = Atomics.load(position, 0);
        if (guilty >= 0 && isOutOfMemory(error)) return { guilty, reason: 'memory', replaced: replaced() };
        return { failed: error };
      } finally {
        clearInterval(limit);
      }
    },
    async close() {
      isClosed = true;
      await running?.destroy();
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function defaultWorker(): string {
  const file = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';
  return new URL(file, import.meta.url).href;
}

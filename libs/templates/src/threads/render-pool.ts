import { Piscina } from 'piscina';
import { type Batch, DONE, NOT_BEGUN, type Rendering } from './render-batch.js';

/**
 * How a batch ended: what was rendered, from its beginning; or which of its texts ended the thread, and how, and when
 * there is another thread in its place.
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
  /** How long one text may take. */
  readonly timeoutMs: number;
  /** The module that a thread begins with; its default export takes a batch. */
  readonly worker?: string;
}

const LOOKS = 8;
const LOOKS_TO_BEGIN = 25 * LOOKS;
// Nothing of the environment, which holds secrets, and nothing of what the process was begun with.
const ISOLATED = { env: {}, execArgv: [], argv: [] };
const LIMITS = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 };

/** Threads, begun with the first batch, in which templates that users wrote are rendered. */
export function createRenderPool({ threads, timeoutMs, worker = defaultWorker() }: RenderPoolOptions): RenderPool {
  let begun: Piscina | undefined;
  let isClosed = false;
  const pool = () => {
    if (isClosed) throw new Error('the renderer is closed');
    begun ??= new Piscina({
      ...ISOLATED,
      filename: worker,
      resourceLimits: LIMITS,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
    })
      // Threads that end without a batch concern nobody; unheard, the event would end the process.
      .on('error', () => {});
    return begun;
  };

  async function restart(): Promise<void> {
    const ended = begun;
    begun = undefined;
    await ended?.destroy();
  }

  function replaced(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, (timeoutMs / LOOKS) * LOOKS_TO_BEGIN).unref();
      begun?.once('workerCreate', () => resolve());
    });
  }

  return {
    async run(batch) {
      const progress = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const position = new Int32Array(progress).fill(NOT_BEGUN);
      const stop = new AbortController();
      let late: number | undefined;
      const watch = watchOver(position, timeoutMs, (at) => {
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
        clearInterval(watch);
      }
    },
    async close() {
      isClosed = true;
      await begun?.destroy();
    },
  };
}

/**
 * Looks several times within the time that a text may take whether the thread has come further. Looks are counted and not
 * time, so that a process that was put to sleep as a whole blames nobody. A batch may wait longer for a thread to begin.
 */
function watchOver(position: Int32Array, timeoutMs: number, stop: (at: number) => void): NodeJS.Timeout {
  let last = NOT_BEGUN;
  let looks = 0;
  return setInterval(() => {
    const now = Atomics.load(position, 0);
    looks = now === last ? looks + 1 : 0;
    last = now;
    if (now !== DONE && looks >= (now === NOT_BEGUN ? LOOKS_TO_BEGIN : LOOKS)) stop(now);
  }, timeoutMs / LOOKS).unref();
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function defaultWorker(): string {
  const file = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';
  return new URL(file, import.meta.url).href;
}

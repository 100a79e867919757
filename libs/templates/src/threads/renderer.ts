import type { Escaping, TemplateVariables } from '#libs/contracts';
import { TemplateError } from '../language/template-error.js';
import { type Rendering } from './render-batch.js';
import { type BatchEnd, createRenderPool } from './render-pool.js';
import { type Job, RenderQueue, type Text, type TextResult } from './render-queue.js';
import { Reputation, type Repute } from './reputation.js';
import { TIME_LIMIT_MS } from './time-limit.js';

/** A template that a user wrote, and how its values are escaped. */
export interface TextTemplate {
  readonly source: string;
  readonly escaping?: Escaping | undefined;
}
export type RenderedText = TextResult;

/** Renders templates that users wrote. */
export interface Renderer {
  /** Returns one result for each template, in order; a template that fails is a result too. */
  render(templates: readonly TextTemplate[], variables: TemplateVariables): Promise<RenderedText[]>;
  close(): Promise<void>;
}

export interface RendererOptions {
  /** Time one text may take, in milliseconds; by default TIME_LIMIT_MS. */
  readonly timeoutMs?: number;
  /** Module that a thread loads, for tests. */
  readonly worker?: string;
  readonly now?: () => number;
}

const THREADS = 2;

/**
 * Creates a renderer whose threads start with the first text. Texts that arrive while the threads are busy share the next
 * batch. Unknown and slow templates get one batch at a time, so that a thread is always left for quick ones. A template
 * that ended its thread or exceeded its work limit is banned for a minute (reputation.ts).
 */
export function createRenderer(options: RendererOptions = {}): Renderer {
  const { timeoutMs = TIME_LIMIT_MS, now = () => performance.now() } = options;
  const pool = createRenderPool({ ...options, threads: THREADS, timeoutMs });
  const reputation = new Reputation(now);
  const queue = new RenderQueue(reputation, now);
  const running = { quick: 0, slow: 0, unknown: 0 };
  let endedThreads = 0;
  let isPlanned = false;

  const freeThreads = () => THREADS - endedThreads - running.quick - running.slow - running.unknown;
  const mayRun = (line: Repute) => line === 'quick' || (running[line] === 0 && (line === 'slow' || endedThreads === 0));

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    // After all texts requested in this tick of the event loop.
    setImmediate(() => {
      isPlanned = false;
      while (freeThreads() > 0) {
        const next = queue.take(mayRun);
        if (!next) return;
        void run(next.jobs, next.line);
      }
    });
  }

  async function run(jobs: readonly Job[], line: Repute): Promise<void> {
    running[line]++;
    const texts = jobs.flatMap(openTexts);
    const end = await pool.run(batchOf(jobs));
    running[line]--;
    if ('done' in end) for (const [i, rendering] of end.done.flat().entries()) settle(texts[i]!, rendering);
    else if ('guilty' in end) blame(texts, end);
    else for (const text of texts) text.result = { error: cannotRender(end) };
    queue.putBack(jobs);
    plan();
  }

  /** Until a thread is replaced, the other one renders no unknown templates. */
  async function awaitThread(replaced: Promise<void>): Promise<void> {
    endedThreads++;
    await replaced;
    endedThreads--;
    plan();
  }

  function settle(text: Text, rendering: Rendering): void {
    reputation.record(text.owned, rendering.ms);
    if ('text' in rendering) {
      text.result = { text: rendering.text };
      return;
    }
    text.result = { error: new TemplateError(rendering.message, rendering.line, rendering.column) };
    if (rendering.exhausted) reputation.ban(text.owned, text.result.error);
  }

  /** Bans the guilty template. Those before it were rendered, though their texts are lost, and become known. */
  function blame(texts: readonly Text[], { guilty, reason, replaced }: Extract<BatchEnd, { guilty: number }>): void {
    for (const { owned } of texts.slice(0, guilty)) reputation.record(owned, 0);
    const message = reason === 'time' ? `rendering took longer than ${timeoutMs} ms` : 'rendering took too much memory';
    const error = new TemplateError(message);
    texts[guilty]!.result = { error };
    reputation.ban(texts[guilty]!.owned, error);
    void awaitThread(replaced);
  }

  return {
    async render(templates, variables) {
      return new Promise((resolve) => {
        const texts = templates.map((template) => ({ ...template, owned: `${variables.team}\n${template.source}` }));
        queue.add({ texts, variables, since: now(), resolve });
        plan();
      });
    },
    close: pool.close,
  };
}

const openTexts = (job: Job): readonly Text[] => job.texts.filter((text) => text.result === undefined);

function batchOf(jobs: readonly Job[]) {
  const indexes = new Map<string, number>();
  const indexOf = (source: string) => {
    const index = indexes.get(source) ?? indexes.size;
    indexes.set(source, index);
    return index;
  };
  const listed = jobs.map((job) => ({
    variables: job.variables,
    texts: openTexts(job).map(({ source, escaping }) => ({ source: indexOf(source), escaping })),
  }));
  return { sources: [...indexes.keys()], jobs: listed };
}

function cannotRender(end: Extract<BatchEnd, { failed: unknown }>): TemplateError {
  const reason = end.failed instanceof Error ? end.failed.message : 'unknown';
  return new TemplateError(`templates cannot be rendered at present: ${reason}`, undefined, undefined, {
    cause: end.failed,
  });
}

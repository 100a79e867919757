import type { Escaping, TemplateVariables } from '#libs/contracts';
import { TemplateError } from '../language/template-error.js';
import { type Rendering } from './render-batch.js';
import { type BatchEnd, createRenderPool } from './render-pool.js';
import { type Job, RenderQueue, type Text, type TextResult } from './render-queue.js';
import { Reputation, type Repute } from './reputation.js';

/** A template of a user's, and whether its values are percent-encoded. */
export interface TextTemplate {
  readonly source: string;
  readonly escaping?: Escaping | undefined;
}
export type RenderedText = TextResult;

/** Renders what users wrote. */
export interface Renderer {
  /** One answer for each template, in their order; a template that fails is an answer too. */
  render(templates: readonly TextTemplate[], variables: TemplateVariables): Promise<RenderedText[]>;
  close(): Promise<void>;
}

export interface RendererOptions {
  /** How long one text may take: 200 ms unless told. */
  readonly timeoutMs?: number;
  /** The module that a thread begins with, for tests. */
  readonly worker?: string;
  readonly now?: () => number;
}

const THREADS = 2;
const TIMEOUT_MS = 200;

/**
 * Renders in threads that are begun when they are first needed. Texts that are asked for while the threads are busy go
 * to them together. Of templates that are not known, and of those known to be slow, one batch runs at a time, so that
 * there is always a thread for those known to be quick; what ended its thread or did more than it may is not tried again
 * for a minute (see reputation.ts).
 */
export function createRenderer(options: RendererOptions = {}): Renderer {
  const { timeoutMs = TIMEOUT_MS, now = () => performance.now() } = options;
  const pool = createRenderPool({ ...options, threads: THREADS, timeoutMs });
  const reputation = new Reputation(now);
  const queue = new RenderQueue(reputation, now);
  const running = { quick: 0, slow: 0, unknown: 0 };
  let ended = 0;
  let isPlanned = false;

  const freeThreads = () => THREADS - ended - running.quick - running.slow - running.unknown;
  const mayRun = (line: Repute) => line === 'quick' || (running[line] === 0 && (line === 'slow' || ended === 0));

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    // After all that is asked for in this turn of the event loop.
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
    queue.giveBack(jobs);
    plan();
  }

  /** Until there is another thread, the one that is left is not for what is unknown. */
  async function awaitThread(replaced: Promise<void>): Promise<void> {
    ended++;
    await replaced;
    ended--;
    plan();
  }

  function settle(text: Text, rendering: Rendering): void {
    reputation.took(text.owned, rendering.ms);
    if ('text' in rendering) {
      text.result = { text: rendering.text };
      return;
    }
    text.result = { error: new TemplateError(rendering.message, rendering.line, rendering.column) };
    if (rendering.exhausted) reputation.ban(text.owned, text.result.error);
  }

  /** Those before the guilty one were rendered, though their texts are lost, and are not unknown any more. */
  function blame(texts: readonly Text[], { guilty, reason, replaced }: Extract<BatchEnd, { guilty: number }>): void {
    for (const { owned } of texts.slice(0, guilty)) reputation.took(owned, 0);
    const said = reason === 'time' ? `rendering took longer than ${timeoutMs} ms` : 'rendering took too much memory';
    const error = new TemplateError(said);
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
  const places = new Map<string, number>();
  const placeOf = (source: string) => {
    const place = places.get(source) ?? places.size;
    places.set(source, place);
    return place;
  };
  const listed = jobs.map((job) => ({
    variables: job.variables,
    texts: openTexts(job).map(({ source, escaping }) => ({ source: placeOf(source), escaping })),
  }));
  return { sources: [...places.keys()], jobs: listed };
}

function cannotRender(end: Extract<BatchEnd, { failed: unknown }>): TemplateError {
  const reason = end.failed instanceof Error ? end.failed.message : 'unknown';
  return new TemplateError(`templates cannot be rendered at present: ${reason}`, undefined, undefined, {
    cause: end.failed,
  });
}

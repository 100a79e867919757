import type { Escaping, TemplateVariables } from '#libs/contracts';
import type { Engine } from '../language/engine.js';
import { USER_LIMITS } from '../language/meter.js';
import { TemplateError } from '../language/template-error.js';

/** Work of a thread: messages to render, with their templates. */
export interface Batch {
  /** The templates, each once. */
  readonly sources: readonly string[];
  readonly jobs: readonly {
    readonly variables: TemplateVariables;
    readonly texts: readonly { readonly source: number; readonly escaping: Escaping | undefined }[];
  }[];
  /** Shared memory with the thread's position, which stays readable when the thread is stopped. */
  readonly progress: SharedArrayBuffer;
}

/** The rendered text or the error, and the time it took without compiling, in milliseconds. */
export type Rendering = { readonly ms: number } & (
  | { readonly text: string }
  | {
      readonly message: string;
      readonly line: number | undefined;
      readonly column: number | undefined;
      /** The template exceeded its work limit and would do so again. */
      readonly exhausted: boolean;
    }
);

export const NOT_BEGUN = -1;
export const DONE = -2;
/** Longest time of a batch, in milliseconds; the rest is returned, so that a costly template does not delay others. */
const SLICE_MS = 5;
/** Most text a batch returns, in characters; the memory of a thread is limited. */
const SLICE_CHARS = 2_097_152;

/** Renders the jobs of a batch in order, at least the first. Returns the rendered ones. */
export function renderBatch(engine: Engine, { sources, jobs, progress }: Batch): Rendering[][] {
  const position = new Int32Array(progress);
  const startedAt = performance.now();
  const done: Rendering[][] = [];
  let ordinal = 0;
  let chars = 0;
  for (const { texts, variables } of jobs) {
    if (done.length > 0 && (performance.now() - startedAt > SLICE_MS || chars > SLICE_CHARS)) break;
    const renderings = texts.map(({ source, escaping }) => {
      Atomics.store(position, 0, ordinal++);
      return renderOne(engine, sources[source] as string, variables, escaping);
    });
    done.push(renderings);
    for (const rendering of renderings) chars += 'text' in rendering ? rendering.text.length : 0;
  }
  Atomics.store(position, 0, DONE);
  return done;
}

function renderOne(
  engine: Engine,
  source: string,
  variables: TemplateVariables,
  escaping: Escaping | undefined,
): Rendering {
  let startedAt = performance.now();
  try {
    engine.compile(source);
    startedAt = performance.now();
    const text = engine.render(source, variables, escaping, USER_LIMITS);
    return { text, ms: performance.now() - startedAt };
  } catch (error) {
    const ms = performance.now() - startedAt;
    const { line, column, message } = error instanceof TemplateError ? error : asTemplateError(error);
    return { message: withoutPosition(message, line), line, column, ms, exhausted: engine.exhausted };
  }
}

function asTemplateError(error: unknown): TemplateError {
  return new TemplateError(`the template failed: ${error instanceof Error ? error.message : 'unknown'}`);
}

/** Removes line and column from a message; TemplateError adds them again on the other side. */
function withoutPosition(message: string, line: number | undefined): string {
  return line === undefined ? message : message.slice(message.indexOf(': ') + 2);
}

import type { Escaping, TemplateVariables } from '#libs/contracts';
import type { Engine } from '../language/engine.js';
import { USER_LIMITS } from '../language/meter.js';
import { TemplateError } from '../language/template-error.js';

/** What a thread is given at a time. */
export interface Batch {
  /** Each template once. */
  readonly sources: readonly string[];
  readonly jobs: readonly {
    readonly variables: TemplateVariables;
    readonly texts: readonly { readonly source: number; readonly escaping: Escaping | undefined }[];
  }[];
  /** Where the thread says what it is at, for a thread that is stopped says nothing any more. */
  readonly progress: SharedArrayBuffer;
}

/** The text, or why there is none; and how long it took, in milliseconds, without compiling. */
export type Rendering = { readonly ms: number } & (
  | { readonly text: string }
  | {
      readonly message: string;
      readonly line: number | undefined;
      readonly column: number | undefined;
      readonly exhausted: boolean;
    }
);

export const NOT_BEGUN = -1;
export const DONE = -2;
/** After this long a batch gives back what it has not begun: the costly is seen for what it is, and others go first. */
const SLICE_MS = 5;
/** After so much text too, for what a thread may hold is limited. */
const SLICE_CHARS = 2_097_152;

/** Renders the jobs of a batch in their order, the first at least. Answers those that it did. */
export function renderBatch(engine: Engine, { sources, jobs, progress }: Batch): Rendering[][] {
  const position = new Int32Array(progress);
  const began = performance.now();
  const done: Rendering[][] = [];
  let ordinal = 0;
  let chars = 0;
  for (const { texts, variables } of jobs) {
    if (done.length > 0 && (performance.now() - began > SLICE_MS || chars > SLICE_CHARS)) break;
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
  let began = performance.now();
  try {
    engine.compile(source);
    began = performance.now();
    const text = engine.render(source, variables, escaping, USER_LIMITS);
    return { text, ms: performance.now() - began };
  } catch (error) {
    const ms = performance.now() - began;
    const { line, column, message } = error instanceof TemplateError ? error : asTemplateError(error);
    return { message: withoutPlace(message, line), line, column, ms, exhausted: engine.exhausted };
  }
}

function asTemplateError(error: unknown): TemplateError {
  return new TemplateError(`the template failed: ${error instanceof Error ? error.message : 'unknown'}`);
}

/** The place is put before the message again where the error is made anew. */
function withoutPlace(message: string, line: number | undefined): string {
  return line === undefined ? message : message.slice(message.indexOf(': ') + 2);
}

import nunjucks from 'nunjucks/src/runtime.js';
import type { Escaping, TemplateVariables } from '#libs/contracts';
import { type CompiledTemplate, compileTree } from './compile-tree.js';
import { applyFilter } from './filter.js';
import { FILTERS } from './filters.js';
import { type Limits, Meter } from './meter.js';
import { RecentMap } from './recent-map.js';
import { Context, createRuntime } from './runtime.js';
import { TemplateError } from './template-error.js';

export interface Engine {
  /** Compiles it unless it is known; render does that too. @throws {TemplateError} when it cannot be used. */
  compile(source: string): void;
  /**
   * The text with its values in place, each escaped.
   * @throws {TemplateError} when it cannot be used, or fails, or does more than it may.
   */
  render(source: string, variables: TemplateVariables, escaping: Escaping | undefined, limits: Limits): string;
  /** Whether the last render ended because it did more than it may. */
  readonly exhausted: boolean;
}

/**
 * Templates in use stay compiled; beyond this, those not used for longest are compiled again when needed. What is compiled
 * takes thirty times the memory of its source, at worst seventy times.
 */
const KEPT = { count: 8_000, chars: 1_572_864 };

/** Templates are read by `parse`, which says what may stand in them. */
export function createEngine(parse: (source: string) => Parameters<typeof compileTree>[0]): Engine {
  const meter = new Meter();
  const runtime = createRuntime(meter);
  const filters = new Map(
    [...FILTERS].map(([name, filter]) => [
      name,
      (value: unknown, ...args: unknown[]) => applyFilter(filter, meter, value, args),
    ]),
  );
  const getFilter = (name: string) => filters.get(name);
  const compiled = new RecentMap<CompiledTemplate | TemplateError>(KEPT);

  function get(source: string): CompiledTemplate {
    const found = compiled.get(source) ?? compile(source);
    if (found instanceof TemplateError) throw found;
    return found;
  }

  function compile(source: string): CompiledTemplate | TemplateError {
    let made: CompiledTemplate | TemplateError;
    try {
      made = compileTree(parse(source));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      made = error;
    }
    compiled.set(source, made);
    return made;
  }

  return {
    compile: get,
    render(source, variables, escaping, limits) {
      const template = get(source);
      meter.start(limits);
      const frame = new nunjucks.Frame();
      let failure: unknown;
      let text = '';
      template(
        { getFilter, opts: { autoescape: escaping } },
        new Context(variables),
        frame,
        runtime,
        (error, result) => {
          failure = error;
          text = result;
        },
      );
      if (failure) throw failure;
      meter.allow(text.length);
      return text;
    },
    get exhausted() {
      return meter.exhausted;
    },
  };
}

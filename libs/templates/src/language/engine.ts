import nunjucks from 'nunjucks/src/runtime.js';
import type { Escaping, TemplateVariables } from '#libs/contracts';
import { type CompiledTemplate, compileTree } from './compile-tree.js';
import { applyFilter } from './filter.js';
import { FILTERS } from './filters.js';
import { type Limits, Meter } from './meter.js';
import { createRecentCache } from './recent-cache.js';
import { Context, createRuntime } from './runtime.js';
import { TemplateError } from './template-error.js';

export interface Engine {
  /** Compiles a template unless it is cached; render does so too. @throws {TemplateError} if it cannot be used */
  compile(source: string): void;
  /**
   * Renders a template; each value is escaped.
   * @throws {TemplateError} if it cannot be used, fails or exceeds its limits
   */
  render(source: string, variables: TemplateVariables, escaping: Escaping | undefined, limits: Limits): string;
  /** The last render exceeded its limits. */
  readonly exhausted: boolean;
}

/**
 * Size of the cache of compiled templates. A compiled template takes thirty times the memory of its source, at worst
 * seventy times.
 */
const CACHED = { count: 8_000, chars: 1_572_864 };

/** Creates an engine for the templates that `parse` accepts. */
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
  const compiled = createRecentCache<CompiledTemplate | TemplateError>(CACHED);

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

import type { TemplateVariables } from '#libs/contracts';
import { type Part, parseTemplate } from './parse-template.js';
import { render } from './render.js';
import { TemplateError } from './template-error.js';

const SOURCE_CHARS_MAX = 65_536;
/** Templates in use stay compiled; beyond this many, those not used for longest are compiled again when needed. */
const KEPT_MAX = 1_000;

export interface CompiledTemplate {
  /**
   * The text with its values in place; with `url`, values are percent-encoded.
   * @throws {TemplateError} when the result is longer than `charsMax`, 256 Ki unless told.
   */
  render(variables: TemplateVariables, escaping?: 'url', charsMax?: number): string;
}

// Two generations: what is used moves to the younger one, and when that is full the older one is forgotten.
let younger = new Map<string, CompiledTemplate>();
let older = new Map<string, CompiledTemplate>();

/** @throws {TemplateError} when the template cannot be used, with line and column. */
export function compileTemplate(source: string): CompiledTemplate {
  const known = younger.get(source);
  if (known) return known;
  const compiled = older.get(source) ?? compile(source);
  if (younger.size >= KEPT_MAX / 2) {
    older = younger;
    younger = new Map();
  }
  younger.set(source, compiled);
  return compiled;
}

function compile(source: string): CompiledTemplate {
  if (source.length > SOURCE_CHARS_MAX) {
    throw new TemplateError(`a template has at most ${SOURCE_CHARS_MAX} characters, not ${source.length}`);
  }
  const parts: readonly Part[] = parseTemplate(source);
  return { render: (variables, escaping, charsMax) => render(parts, variables, escaping, charsMax) };
}

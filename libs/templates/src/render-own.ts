import type { Escaping, TemplateVariables } from '#libs/contracts';
import { createEngine } from './language/engine.js';
import { NO_LIMITS } from './language/meter.js';
import { parseTemplate } from './language/parse-template.js';

const engine = createEngine(parseTemplate);

/** @throws {TemplateError} when the template cannot be used, with line and column. */
export function checkTemplate(source: string): void {
  parseTemplate(source);
}

/** Renders a template of our own, at once, in this thread and without limits. @throws {TemplateError} when it cannot. */
export function renderOwn(source: string, variables: TemplateVariables, escaping?: Escaping): string {
  return engine.render(source, variables, escaping, NO_LIMITS);
}

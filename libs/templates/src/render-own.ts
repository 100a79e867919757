import type { Escaping, TemplateVariables } from '#libs/contracts';
import { createEngine } from './language/engine.js';
import { NO_LIMITS } from './language/meter.js';
import { parseTemplate } from './language/parse-template.js';

const engine = createEngine(parseTemplate);

/** Checks a template. @throws {TemplateError} with line and column if it cannot be used */
export function checkTemplate(source: string): void {
  parseTemplate(source);
}

/** Renders a default template in this thread, without limits. @throws {TemplateError} if it fails */
export function renderOwn(source: string, variables: TemplateVariables, escaping?: Escaping): string {
  return engine.render(source, variables, escaping, NO_LIMITS);
}

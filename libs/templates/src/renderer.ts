import type { TemplateVariables } from '#libs/contracts';
import { compileTemplate } from './compile-template.js';
import { TemplateError } from './template-error.js';

/** A template of a user's, and whether its values are percent-encoded. */
export interface TextTemplate {
  source: string;
  escaping?: 'url' | undefined;
}
export type RenderedText = { text: string } | { error: TemplateError };

/** Renders what users wrote. */
export interface Renderer {
  /** One answer for each template, in their order; a template that fails is an answer too. */
  render(templates: readonly TextTemplate[], variables: TemplateVariables): Promise<RenderedText[]>;
  close(): Promise<void>;
}

export function createRenderer(): Renderer {
  return {
    render: async (templates, variables) => templates.map((template) => renderOne(template, variables)),
    close: async () => {},
  };
}

function renderOne({ source, escaping }: TextTemplate, variables: TemplateVariables): RenderedText {
  try {
    return { text: compileTemplate(source).render(variables, escaping) };
  } catch (error) {
    if (error instanceof TemplateError) return { error };
    throw error;
  }
}

/** @throws {TemplateError} when the template cannot be used, with line and column. */
export function checkTemplate(source: string): void {
  compileTemplate(source);
}

/** Renders a template of our own, at once and without a limit to its length. */
export function renderOwn(source: string, variables: TemplateVariables, escaping?: 'url'): string {
  return compileTemplate(source).render(variables, escaping, Number.POSITIVE_INFINITY);
}

import { compileTemplate } from './compile-template.js';
import { TemplateError } from './template-error.js';
import type { TemplateVariables } from './variables.js';

export interface RenderedMessage {
  title: string;
  content: string;
  /** Why the default template stands in for the endpoint's own. */
  templateError?: string;
}

export interface RenderMessageInput {
  /** The endpoint's own template; a part it does not have comes from the other. */
  template: { readonly title?: string; readonly content?: string };
  /** The channel's default template. */
  fallbackTemplate: { readonly title: string; readonly content: string };
  variables: TemplateVariables;
}

/** The text of one delivery. A part whose template fails comes from the default template: a message must go out. */
export function renderMessage({ template, fallbackTemplate, variables }: RenderMessageInput): RenderedMessage {
  const message: RenderedMessage = { title: '', content: '' };
  for (const part of ['title', 'content'] as const) {
    const own = template[part];
    const fallback = fallbackTemplate[part];
    if (own === undefined) {
      message[part] = compileTemplate(fallback).render(variables, undefined, Number.POSITIVE_INFINITY);
      continue;
    }
    try {
      message[part] = compileTemplate(own).render(variables);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      message[part] = compileTemplate(fallback).render(variables, undefined, Number.POSITIVE_INFINITY);
      const said = `the default template stands in for ${part}: ${error.message}`;
      message.templateError = message.templateError ? `${message.templateError}; ${said}` : said;
    }
  }
  return message;
}

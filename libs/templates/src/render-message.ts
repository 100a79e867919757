import type { Escaping, TemplateVariables } from '#libs/contracts';
import { renderOwn } from './render-own.js';
import type { Renderer } from './threads/renderer.js';

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
  /** How values are written into title and content. */
  escaping?: Escaping | undefined;
  renderer: Renderer;
}

const PARTS = ['title', 'content'] as const;

/** The text of one delivery. A part whose template fails comes from the default template: a message must go out. */
export async function renderMessage(input: RenderMessageInput): Promise<RenderedMessage> {
  const { template, fallbackTemplate, variables, escaping, renderer } = input;
  const own = PARTS.flatMap((part) => {
    const source = template[part];
    return source === undefined ? [] : [{ part, source, escaping }];
  });
  const rendered = own.length === 0 ? [] : await renderer.render(own, variables);
  const message: RenderedMessage = { title: '', content: '' };
  for (const part of PARTS) {
    const result = rendered[own.findIndex((one) => one.part === part)];
    if (result && 'text' in result) {
      message[part] = result.text;
      continue;
    }
    message[part] = renderOwn(fallbackTemplate[part], variables, escaping);
    if (!result) continue;
    const said = `the default template stands in for ${part}: ${result.error.message}`;
    message.templateError = message.templateError ? `${message.templateError}; ${said}` : said;
  }
  return message;
}

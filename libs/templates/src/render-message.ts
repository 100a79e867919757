import type { Escaping, TemplateVariables } from '#libs/contracts';
import { renderOwn } from './render-own.js';
import type { Renderer } from './threads/renderer.js';

export interface RenderedMessage {
  title: string;
  content: string;
  /** Reason why the default template was used in place of the endpoint's own. */
  templateError?: string;
}

export interface RenderMessageInput {
  /** The endpoint's own template; a missing part comes from the default template. */
  template: { readonly title?: string; readonly content?: string };
  /** The channel's default template. */
  fallbackTemplate: { readonly title: string; readonly content: string };
  variables: TemplateVariables;
  /** Escaping of values in title and content. */
  escaping?: Escaping | undefined;
  renderer: Renderer;
}

const PARTS = ['title', 'content'] as const;

/** Renders the text of one delivery. If a template fails, the default template is used, so that the message is sent. */
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
    const reason = `the default template was used for ${part}: ${result.error.message}`;
    message.templateError = message.templateError ? `${message.templateError}; ${reason}` : reason;
  }
  return message;
}

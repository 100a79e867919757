import { type Channel, type ChannelIo, listSecrets, type Message, type Target } from '#libs/channels';
import {
  type AlertEvent,
  cutText,
  type Endpoint,
  type Escaping,
  type Language,
  type Outcome,
  type TemplateVariables,
  type TextLimit,
} from '#libs/contracts';
import { redactOutcome } from '#libs/security';
import { type RenderedMessage, type Renderer, renderMessage, TemplateError, templateVariables } from '#libs/templates';

/** One message to one target. */
export interface Sending {
  channel: Channel;
  endpoint: Endpoint;
  target: Target;
  event: AlertEvent;
  delivery: { id: string; suppressedCount: number; delayedByMs: number } & Pick<Message, 'thread' | 'earlier' | 'test'>;
  policyName: string;
  lang: Language;
  /** What it says, where that comes of no template. */
  text?: { title: string; content: string };
}

/** What sending takes besides the message. */
export interface SendParts {
  io: ChannelIo;
  renderer: Renderer;
}

export interface Sent {
  outcome: Outcome;
  /** Why the default template stood in for the endpoint's own. */
  templateError?: string;
}

/** Renders a message and hands it to its channel. Whatever goes wrong is an outcome, not an exception. */
export async function send(sending: Sending, { io, renderer }: SendParts): Promise<Sent> {
  const { channel, endpoint, target } = sending;
  try {
    const variables = templateVariables(sending);
    const secrets = listSecrets(channel.config, endpoint.config);
    const renderedSecrets: string[] = [];
    const render = async (template: string, escaping?: Escaping): Promise<string> => {
      const text = await renderOne(renderer, template, escaping, variables);
      if (text !== template && secrets.includes(template)) renderedSecrets.push(text);
      return text;
    };
    const { message, templateError } = await compose(sending, variables, renderer, render);
    const tokens: string[] = [];
    const answer = channel.send(message, { config: endpoint.config, target }, notingTokens(io, tokens));
    const sent = await orOverdue(answer, channel.timeoutMs(endpoint.config) + OVERDUE_MS);
    // A receiver may give back what it was sent, and the answer is kept and shown.
    const told = renderedSecrets.length > 0 ? [...secrets, ...renderedSecrets] : secrets;
    const outcome = shortened(redactOutcome(redactOutcome(sent, told), tokens));
    return { outcome, ...(templateError === undefined ? {} : { templateError }) };
  } catch (error) {
    return { outcome: failed(error) };
  }
}

/** Keeps the tokens that a send uses: they are in no settings, and a provider may give them back all the same. */
function notingTokens(io: ChannelIo, tokens: string[]): ChannelIo {
  return {
    ...io,
    async token(request) {
      const token = await io.token(request);
      tokens.push(token);
      return token;
    },
  };
}

/** So much later than its timeout no channel ends: it waits for what will not come. */
const OVERDUE_MS = 30_000;

/** A send that never ended would hold its slot and its lease, and all that waits behind it, until the process ends. */
async function orOverdue(answer: Promise<Outcome>, ms: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'unknown', code: 'OVERDUE', message: `not over after ${ms} ms` }), ms);
  });
  return Promise.race([answer, overdue]).finally(() => clearTimeout(timer));
}

async function compose(
  { channel, endpoint, target, event, delivery, lang, text }: Sending,
  variables: TemplateVariables,
  renderer: Renderer,
  render: Message['render'],
): Promise<{ message: Message; templateError: string | undefined }> {
  const { template } = endpoint;
  const { escaping } = channel;
  const fallbackTemplate = channel.template[lang];
  const rendered: RenderedMessage =
    text ?? (await renderMessage({ template, fallbackTemplate, variables, escaping, renderer }));
  const message: Message = {
    title: within(rendered.title, channel.limits.title),
    content: within(rendered.content, target.content ?? channel.limits.content),
    level: event.level,
    lang,
    variables,
    deliveryId: delivery.id,
    thread: delivery.thread,
    ...(delivery.earlier && { earlier: delivery.earlier }),
    ...(delivery.test && { test: delivery.test }),
    render,
  };
  return { message, templateError: rendered.templateError };
}

const within = (text: string, limit: TextLimit | undefined): string => (limit ? cutText(text, limit) : text);

async function renderOne(
  renderer: Renderer,
  source: string,
  escaping: Escaping | undefined,
  variables: TemplateVariables,
): Promise<string> {
  const [result] = await renderer.render([{ source, escaping }], variables);
  if (result && 'text' in result) return result.text;
  throw result?.error ?? new TemplateError('the template was not rendered');
}

/** A template in the settings has no default that could stand in; it may be mended while the delivery waits. */
function failed(error: unknown): Outcome {
  if (error instanceof TemplateError) {
    return { kind: 'unavailable', code: 'TEMPLATE', message: `a template in the settings failed: ${error.message}` };
  }
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'unavailable', code: 'INTERNAL', message: `could not be sent: ${name}` };
}

/** What is kept of an answer. More of it is read, so that a secret at its edge is found before the rest is cut off. */
const EXCERPT_MAX: TextLimit = { max: 4_096, unit: 'characters' };
const MESSAGE_MAX: TextLimit = { max: 500, unit: 'characters' };

function shortened({ message, excerpt, ...outcome }: Outcome): Outcome {
  return {
    ...outcome,
    ...(message !== undefined && { message: cutText(message, MESSAGE_MAX) }),
    ...(excerpt !== undefined && { excerpt: cutText(excerpt, EXCERPT_MAX) }),
  };
}

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
import { createWriteGate, type SendLease, type WriteGate } from './write-gate.js';

/** One message to one target. */
export interface Sending {
  channel: Channel;
  endpoint: Endpoint;
  target: Target;
  event: AlertEvent;
  delivery: { id: string; suppressedCount: number; delayedByMs: number } & Pick<Message, 'thread' | 'earlier' | 'test'>;
  policyName: string;
  lang: Language;
  /** The text of a message without a template. */
  text?: { title: string; content: string };
}

export interface SendDeps {
  io: ChannelIo;
  renderer: Renderer;
}

export interface Sent {
  outcome: Outcome;
  /** Error of the endpoint's template; the default template was used instead. */
  templateError?: string;
}

/** Renders a message that needs no lease, such as a test of an endpoint, and sends it through its channel. */
export async function send(sending: Sending, deps: SendDeps): Promise<Sent> {
  const sent = await sendLeased(sending, deps, { isHeld: true });
  if (!sent) throw new Error('a message that needs no lease was dropped');
  return sent;
}

/**
 * Renders a message and sends it through its channel. Every error becomes an outcome.
 * @returns undefined if the message was not sent, because the lease ran out before its first byte was written
 */
export async function sendLeased(
  sending: Sending,
  { io, renderer }: SendDeps,
  lease: SendLease,
): Promise<Sent | undefined> {
  const { channel, endpoint, target } = sending;
  const gate = createWriteGate(lease);
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
    if (!gate.isOpen()) return undefined;
    const tokens: string[] = [];
    const answer = channel.send(message, { config: endpoint.config, target }, ioOfSend(io, gate, tokens));
    const sent = await orOverdue(answer, channel.timeoutMs(endpoint.config) + OVERDUE_MS);
    if (gate.hasRefused() && sent.kind !== 'delivered') return undefined;
    // A receiver may echo the request, and its answer is stored and shown.
    const masked = renderedSecrets.length > 0 ? [...secrets, ...renderedSecrets] : secrets;
    const outcome = shortened(redactOutcome(redactOutcome(sent, masked), tokens));
    return { outcome, ...(templateError === undefined ? {} : { templateError }) };
  } catch (error) {
    return gate.hasRefused() ? undefined : { outcome: failed(error) };
  }
}

/**
 * The resources of one send. They refuse to write without the lease, and collect its access tokens, which a provider
 * may echo and which are not among the settings' secrets.
 */
function ioOfSend(io: ChannelIo, { beforeWrite }: WriteGate, tokens: string[]): ChannelIo {
  return {
    ...io,
    beforeWrite,
    http: (request) => io.http(request.withoutMessage ? request : { ...request, beforeWrite }),
    async token(request) {
      const token = await io.token(request);
      tokens.push(token);
      return token;
    },
  };
}

/** Time after a channel's own timeout until its send counts as overdue. */
const OVERDUE_MS = 30_000;

/** Limits a send that never ends: it would block its slot, and the deliveries behind it, until the process ends. */
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
    title: cutToLimit(rendered.title, channel.limits.title),
    content: cutToLimit(rendered.content, target.content ?? channel.limits.content),
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

const cutToLimit = (text: string, limit: TextLimit | undefined): string => (limit ? cutText(text, limit) : text);

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

/** A failed template of the settings has no default instead of it; it may be corrected while the delivery waits. */
function failed(error: unknown): Outcome {
  if (error instanceof TemplateError) {
    return { kind: 'unavailable', code: 'TEMPLATE', message: `a template in the settings failed: ${error.message}` };
  }
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'unavailable', code: 'INTERNAL', message: `could not be sent: ${name}` };
}

/** Stored length of an answer. More is read, so that a secret at the edge is redacted before the rest is cut off. */
const EXCERPT_MAX: TextLimit = { max: 4_096, unit: 'characters' };
const MESSAGE_MAX: TextLimit = { max: 500, unit: 'characters' };

function shortened({ message, excerpt, ...outcome }: Outcome): Outcome {
  return {
    ...outcome,
    ...(message !== undefined && { message: cutText(message, MESSAGE_MAX) }),
    ...(excerpt !== undefined && { excerpt: cutText(excerpt, EXCERPT_MAX) }),
  };
}

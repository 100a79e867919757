import { type Channel, type ChannelIo, listSecrets, type Target } from '#libs/channels';
import type { AlertEvent, Endpoint, Language, Outcome } from '#libs/contracts';
import { redactOutcome } from '#libs/security';
import { compileTemplate, renderMessage, templateVariables } from '#libs/templates';

/** One message to one target. */
export interface Sending {
  channel: Channel;
  endpoint: Endpoint;
  target: Target;
  event: AlertEvent;
  delivery: { id: string; suppressedCount: number; delayedByMs: number };
  policyName: string;
  lang: Language;
}

export interface Sent {
  outcome: Outcome;
  /** Why the default template stood in for the endpoint's own. */
  templateError?: string;
}

/** Renders a message and hands it to its channel. Whatever goes wrong is an outcome, not an exception. */
export async function send(sending: Sending, io: ChannelIo): Promise<Sent> {
  const { channel, endpoint, target, delivery } = sending;
  try {
    const variables = templateVariables(sending);
    const rendered = renderMessage({ template: endpoint.template, fallbackTemplate: channel.template, variables });
    const secrets = listSecrets(channel.config, endpoint.config);
    const renderedSecrets: string[] = [];
    const message = {
      title: rendered.title,
      content: rendered.content,
      deliveryId: delivery.id,
      render(template: string, escaping?: 'url') {
        const text = compileTemplate(template).render(variables, escaping);
        if (text !== template && secrets.includes(template)) renderedSecrets.push(text);
        return text;
      },
    };
    const sent = await channel.send(message, { config: endpoint.config, target }, io);
    // A receiver may give back what it was sent, and the answer is kept and shown.
    const told = renderedSecrets.length > 0 ? [...secrets, ...renderedSecrets] : secrets;
    const outcome = shortened(redactOutcome(sent, told));
    return { outcome, ...(rendered.templateError ? { templateError: rendered.templateError } : {}) };
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    return { outcome: { kind: 'unavailable', code: 'INTERNAL', message: `could not be sent: ${name}` } };
  }
}

/** What is kept of an answer. More of it is read, so that a secret at its edge is found before the rest is cut off. */
const EXCERPT_CHARS_MAX = 4_096;

function shortened(outcome: Outcome): Outcome {
  if (outcome.excerpt === undefined || outcome.excerpt.length <= EXCERPT_CHARS_MAX) return outcome;
  return { ...outcome, excerpt: outcome.excerpt.slice(0, EXCERPT_CHARS_MAX).toWellFormed() };
}

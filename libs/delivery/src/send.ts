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
    const message = {
      title: rendered.title,
      content: rendered.content,
      deliveryId: delivery.id,
      render: (template: string, escaping?: 'url') => compileTemplate(template).render(variables, escaping),
    };
    const sent = await channel.send(message, { config: endpoint.config, target }, io);
    // A receiver may give back what it was sent, and the answer is kept and shown.
    const outcome = redactOutcome(sent, listSecrets(channel.config, endpoint.config));
    return { outcome, ...(rendered.templateError ? { templateError: rendered.templateError } : {}) };
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    return { outcome: { kind: 'unavailable', code: 'INTERNAL', message: `could not be sent: ${name}` } };
  }
}

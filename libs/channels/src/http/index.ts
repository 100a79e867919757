import { durationMs, type Outcome } from '#libs/contracts';
import { defineChannel, type Message } from '../channel.js';
import { ALL_VARIABLES_AS_JSON, failureOutcome, type HttpRequest } from '../kit/index.js';
import { classify } from './classify.js';
import { type HttpConfig, httpConfig } from './config.js';
import { headerValue } from './headers.js';
import { sign } from './signature.js';
import { hostOf, isTemplate, renderedUrlProblem } from './url.js';

/** The same in every language, because programs read it. */
const JSON_TEMPLATE = { title: '{{ title }}', content: ALL_VARIABLES_AS_JSON };

/** Sends the content unchanged to a URL of the user. */
export const http = defineChannel({
  type: 'http',
  label: 'Webhook',
  readBy: 'programs',
  config: httpConfig,
  template: { en: JSON_TEMPLATE, 'zh-CN': JSON_TEMPLATE },
  limits: { rate: null, documentedAt: null },
  targets: (config) => [{ id: 'url', label: hostOf(config.url), credential: config.url, credentialIsPublic: true }],
  timeoutMs: (config) => durationMs(config.timeout),

  async send(message, { config }, io): Promise<Outcome> {
    const url = await message.render(config.url, 'url');
    const problem = renderedUrlProblem(config.url, url);
    if (problem) return { kind: 'rejected', code: 'URL', message: problem };
    try {
      const answer = await io.http(await requestOf(message, config, url, io.now()));
      return classify(answer, io.now(), isTemplate(config.url));
    } catch (error) {
      return failureOutcome(error);
    }
  },
});

async function requestOf(message: Message, config: HttpConfig, url: string, now: Date): Promise<HttpRequest> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'Tocsin' };
  for (const [name, template] of Object.entries(config.headers)) {
    headers[name.toLowerCase()] = headerValue(await message.render(template));
  }
  headers['webhook-id'] = message.deliveryId;
  headers['webhook-timestamp'] = timestamp;
  if (config.signingSecret !== undefined) {
    headers['webhook-signature'] = sign(config.signingSecret, message.deliveryId, timestamp, message.content);
  }
  return {
    url,
    method: config.method,
    headers,
    body: message.content,
    timeoutMs: durationMs(config.timeout),
    ...(config.caCert !== undefined && { caCert: config.caCert }),
  };
}

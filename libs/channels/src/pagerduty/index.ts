import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel, type Message } from '../channel.js';
import { failureOutcome, READABLE_TEMPLATE, urlUnder } from '../kit/index.js';
import { outcomeOf } from './answer.js';
import { type PagerdutyConfig, pagerdutyConfig } from './config.js';
import { type Action, eventBody, SUMMARY_MAX } from './event.js';

const CALL_MS = 10_000;

/** Opens an alert in PagerDuty and resolves it with the recovery, by the Events API v2. */
export const pagerduty = defineChannel({
  type: 'pagerduty',
  label: 'PagerDuty',
  readBy: 'people',
  config: pagerdutyConfig,
  template: READABLE_TEMPLATE,
  limits: {
    rate: { max: 120, per: '1m' },
    title: SUMMARY_MAX,
    // PagerDuty documents no limit for the text; the whole event may have 512 KB.
    content: { max: 64_000, unit: 'bytes' },
    documentedAt: 'https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/05-Rate-Limits.md',
  },
  targets: (config) => [{ id: 'service', label: 'service', credential: `${urlOf(config)}\n${config.routingKey}` }],
  // A test makes two calls.
  timeoutMs: () => 2 * CALL_MS,

  async send(message, { config }, io): Promise<Outcome> {
    try {
      // PagerDuty ignores a recovery of an alert that is not open.
      const outcome = await enqueue(message, message.level === 'recovered' ? 'resolve' : 'trigger', config, io);
      return message.test && outcome.kind === 'delivered' ? await resolveTest(message, config, io) : outcome;
    } catch (error) {
      return failureOutcome(error);
    }
  },
});

const urlOf = ({ apiUrl }: PagerdutyConfig): string => urlUnder(apiUrl, 'v2/enqueue');

async function enqueue(message: Message, action: Action, config: PagerdutyConfig, io: ChannelIo): Promise<Outcome> {
  const answer = await io.http({
    url: urlOf(config),
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Tocsin' },
    body: eventBody(message, config.routingKey, action),
    timeoutMs: CALL_MS,
  });
  return outcomeOf(answer, io.now());
}

/** Resolves the alert that a test has opened. */
async function resolveTest(message: Message, config: PagerdutyConfig, io: ChannelIo): Promise<Outcome> {
  const outcome = await enqueue(message, 'resolve', config, io);
  if (outcome.kind === 'delivered') return outcome;
  return { ...outcome, message: `the test alert was opened but not resolved: ${outcome.message}` };
}

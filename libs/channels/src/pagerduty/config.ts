import { z } from 'zod';
import { httpUrlSchema } from '../kit/index.js';

/** PagerDuty's own have 32 characters; what a gateway takes for one is its own affair. */
const KEY_CHARS_MAX = 255;

/** The settings of a `pagerduty` endpoint. */
export const pagerdutyConfig = z.strictObject({
  routingKey: z
    .string()
    .max(KEY_CHARS_MAX)
    .regex(/^[!-~]+$/, { error: 'must be an integration key as PagerDuty shows it, without blanks' })
    .meta({
      title: 'Routing key',
      description: 'the integration key of an integration "Events API V2" of a service or an event orchestration',
      writeOnly: true,
    }),
  apiUrl: httpUrlSchema.default('https://events.pagerduty.com').meta({
    title: 'API URL',
    description: 'where the Events API is reached; https://events.eu.pagerduty.com for accounts in the EU',
  }),
});

export type PagerdutyConfig = z.output<typeof pagerdutyConfig>;

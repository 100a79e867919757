import { z } from 'zod';
import { httpUrlSchema } from '../kit/index.js';

/** Keys of PagerDuty have 32 characters; a gateway may use others. */
const KEY_CHARS_MAX = 255;

/** The settings of a `pagerduty` endpoint. */
export const pagerdutyConfig = z.strictObject({
  routingKey: z
    .string()
    .max(KEY_CHARS_MAX)
    .regex(/^[!-~]+$/, { error: 'must be an integration key of PagerDuty, without blanks' })
    .meta({
      title: 'Routing key',
      description: 'the integration key of an integration "Events API V2" of a service or an event orchestration',
      writeOnly: true,
    }),
  apiUrl: httpUrlSchema.default('https://events.pagerduty.com').meta({
    title: 'API URL',
    description: 'the address of the Events API; https://events.eu.pagerduty.com for accounts in the EU',
  }),
});

export type PagerdutyConfig = z.output<typeof pagerdutyConfig>;

import { z } from 'zod';
import { durationSchema, parseDuration } from '#libs/contracts';
import { caCertSchema } from '../kit/index.js';
import { headersSchema } from './headers.js';
import { signingKey } from './signature.js';
import { urlProblem } from './url.js';

const TIMEOUT_MIN_MS = 1_000;
const TIMEOUT_MAX_MS = 60_000;

const urlSchema = z
  .string()
  .superRefine((url, context) => {
    const message = urlProblem(url);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .meta({
    title: 'URL',
    description: 'the address of the receiver, http or https; a template, except its scheme, host and port',
    template: 'url',
    destination: 'origin',
    maxLength: 2_048,
    examples: ['https://example.com/alerts/{{ policy }}'],
  });

/** The settings of an `http` endpoint. */
export const httpConfig = z.strictObject({
  url: urlSchema,
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').meta({ title: 'Method' }),
  headers: headersSchema.default({}),
  signingSecret: z
    .string()
    .refine((secret) => signingKey(secret) !== undefined, {
      error: 'must be whsec_ followed by 24 to 64 bytes in base64',
    })
    .optional()
    .meta({
      title: 'Signing secret',
      description: 'signs each message by Standard Webhooks; whsec_ followed by 24 to 64 bytes in base64',
      writeOnly: true,
    }),
  caCert: caCertSchema,
  timeout: durationSchema
    .refine((text) => isTimeout(parseDuration(text)), { error: 'must be from 1s to 60s' })
    .default('10s')
    .meta({ title: 'Timeout', description: 'time limit for an answer, from 1s to 60s' }),
});

export type HttpConfig = z.output<typeof httpConfig>;

function isTimeout(ms: number | undefined): boolean {
  // A text that is not a duration is reported by durationSchema.
  return ms === undefined || (ms >= TIMEOUT_MIN_MS && ms <= TIMEOUT_MAX_MS);
}

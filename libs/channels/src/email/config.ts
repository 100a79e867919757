import { z } from 'zod';
import { parseMailAddress, SMTP_SECURITIES, smtpHost } from '#libs/contracts';
import { caCertSchema } from '../kit/index.js';

/** Recipients that every server accepts for one mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.8 */
const RECIPIENTS_MAX = 100;

const addressSchema = z.string().refine((text) => parseMailAddress(text) !== undefined, {
  error: (issue) =>
    `must be a mail address, with or without a name, such as Ops <ops@example.org>, not ${JSON.stringify(issue.input)}`,
});

/** A user name or password; it is sent unchanged. */
const credential = z
  .string()
  .min(1)
  .max(1_024)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not contain control characters or line ends' });

const emailFields = z.strictObject({
  from: addressSchema.optional().meta({
    title: 'From',
    description: 'the sender; by default that of the platform',
    examples: ['Alerts <alerts@example.org>'],
  }),
  to: z
    .array(addressSchema)
    .min(1)
    .meta({
      title: 'To',
      description: `recipients, at most ${RECIPIENTS_MAX} with those of cc`,
      examples: [['ops@example.org']],
    }),
  cc: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(addressSchema))
    .optional()
    .meta({ title: 'Cc', description: 'recipients of a copy' }),
  host: z
    .string()
    .refine((text) => smtpHost(text) !== undefined, { error: 'must be a host name or an IP address, without a port' })
    .optional()
    .meta({
      title: 'Mail server',
      description: 'the host of the mail server; by default that of the platform',
      destination: 'host',
    }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({
      title: 'Port',
      description: 'the port of the mail server; by default 587, or 465 with security tls',
      destination: { port: 587, portWith: { field: 'security', value: 'tls', port: 465 } },
    }),
  security: z
    .enum(SMTP_SECURITIES)
    .default('starttls')
    .meta({
      title: 'Security',
      description:
        'starttls: requires encryption before login and mail; tls: encrypted from the start; none: not encrypted',
      destination: { weakestFirst: ['none', 'starttls', 'tls'] },
    }),
  username: credential.optional().meta({ title: 'User name' }),
  password: credential.optional().meta({ title: 'Password', writeOnly: true }),
  caCert: caCertSchema,
});

/** Settings of a mail server that need its host. */
const HOST_FIELDS = ['port', 'username', 'password', 'caCert'] as const;

/** The settings of an `email` endpoint. */
export const emailConfig = emailFields.superRefine((config, context) => {
  const refuse = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
  if (config.to.length + (config.cc?.length ?? 0) > RECIPIENTS_MAX) {
    refuse('to', `must have at most ${RECIPIENTS_MAX} recipients, those of cc included`);
  }
  if (config.username !== undefined && config.password === undefined)
    refuse('password', 'is missing; a user name needs a password');
  if (config.password !== undefined && config.username === undefined)
    refuse('username', 'is missing; a password needs a user name');
  for (const field of HOST_FIELDS) {
    if (config.host === undefined && config[field] !== undefined) {
      refuse(field, 'is used with host only; set host, or remove this field');
    }
  }
});

export type EmailConfig = z.output<typeof emailConfig>;

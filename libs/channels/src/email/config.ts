import { z } from 'zod';
import { parseMailAddress, SMTP_SECURITIES, smtpHost } from '#libs/contracts';
import { caCertSchema } from '../kit/index.js';

/** What every server takes in one mail: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.8 */
const RECIPIENTS_MAX = 100;

const addressSchema = z.string().refine((text) => parseMailAddress(text) !== undefined, {
  error: (issue) =>
    `must be a mail address, with or without a name, such as Ops <ops@example.org>, not ${JSON.stringify(issue.input)}`,
});

/** What every mail server is handed as it stands. */
const credential = z
  .string()
  .min(1)
  .max(1_024)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not contain control characters or line ends' });

const emailFields = z.strictObject({
  from: addressSchema.optional().meta({
    title: 'From',
    description: "the sender; without one, the platform's",
    examples: ['Alerts <alerts@example.org>'],
  }),
  to: z
    .array(addressSchema)
    .min(1)
    .meta({
      title: 'To',
      description: `recipients, with cc at most ${RECIPIENTS_MAX}`,
      examples: [['ops@example.org']],
    }),
  cc: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(addressSchema))
    .optional()
    .meta({ title: 'Cc', description: 'recipients of a copy' }),
  host: z
    .string()
    .refine((text) => smtpHost(text) !== undefined, { error: 'must be a host name or an address, without a port' })
    .optional()
    .meta({ title: 'Mail server', description: "its host; without one, the platform's mail server is used" }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({ title: 'Port', description: 'of the mail server: 587, with security tls 465, unless given' }),
  security: z.enum(SMTP_SECURITIES).default('starttls').meta({
    title: 'Security',
    description: 'starttls: encrypted before anything is said, or not at all; tls: from the first byte; none: in clear',
  }),
  username: credential.optional().meta({ title: 'User name' }),
  password: credential.optional().meta({ title: 'Password', writeOnly: true }),
  caCert: caCertSchema,
});

/** Settings of a mail server that say nothing without its host. */
const OF_THE_HOST = ['port', 'username', 'password', 'caCert'] as const;

/** The settings of an `email` endpoint. */
export const emailConfig = emailFields.superRefine((config, context) => {
  const refuse = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
  if (config.to.length + (config.cc?.length ?? 0) > RECIPIENTS_MAX) {
    refuse('to', `must have at most ${RECIPIENTS_MAX} recipients, those of cc included`);
  }
  if (config.username !== undefined && config.password === undefined) refuse('password', 'must go with the user name');
  if (config.password !== undefined && config.username === undefined) refuse('username', 'must go with the password');
  for (const field of OF_THE_HOST) {
    if (config.host === undefined && config[field] !== undefined) {
      refuse(field, "belongs to a mail server of the endpoint's own: name its host");
    }
  }
});

export type EmailConfig = z.output<typeof emailConfig>;

import { z } from 'zod';
import { caCertSchema } from '../kit/index.js';
import { FACILITIES } from './priority.js';
import { parseTarget } from './target.js';

const targetSchema = z
  .string()
  .superRefine((text, context) => {
    const target = parseTarget(text);
    if ('problem' in target) context.addIssue({ code: 'custom', message: target.problem });
  })
  .meta({
    title: 'Target',
    description:
      'the syslog server as [udp|tcp|tls]://host:port; udp by default, port 514, or 6514 for tls; udp does not confirm arrival',
    maxLength: 300,
    examples: ['tls://logs.example.com:6514', 'udp://192.0.2.7:514'],
  });

/** The settings of a `syslog` endpoint. */
export const syslogConfig = z
  .strictObject({
    target: targetSchema,
    format: z.enum(['rfc5424', 'rfc3164']).default('rfc5424').meta({
      title: 'Format',
      description: 'rfc3164 is the old format: one line of at most 1,024 bytes, without fields',
    }),
    facility: z.enum(FACILITIES).default('local0').meta({ title: 'Facility' }),
    caCert: caCertSchema,
  })
  .refine(({ target, caCert }) => caCert === undefined || isTls(target), {
    path: ['caCert'],
    error: 'is used with tls targets only; use tls:// in target, or remove caCert',
  });

function isTls(text: string): boolean {
  const target = parseTarget(text);
  return 'problem' in target || target.transport === 'tls';
}

export type SyslogConfig = z.output<typeof syslogConfig>;

import { z } from 'zod';
import { brokersSchema, saslSchema, topicSchema } from '#libs/kafka';
import { caCertSchema } from '../kit/index.js';

export const DEFAULT_KEY = '{{ policy }}|{{ object }}';

/** The settings of a `kafka` endpoint. */
export const kafkaConfig = z
  .strictObject({
    brokers: brokersSchema.meta({ destination: 'addresses' }),
    topic: topicSchema,
    key: z.string().max(1_024).default(DEFAULT_KEY).meta({
      title: 'Key',
      description: 'a template; records of the same key keep their order',
      template: 'text',
    }),
    sasl: saslSchema.optional().meta({ title: 'Login' }),
    tls: z
      .boolean()
      .default(false)
      .meta({ title: 'TLS', destination: { weakestFirst: [false, true] } }),
    caCert: caCertSchema,
  })
  .refine(({ tls, caCert }) => tls || caCert === undefined, {
    path: ['caCert'],
    error: 'is used with TLS only; set tls to true, or remove caCert',
  });

export type KafkaConfig = z.output<typeof kafkaConfig>;

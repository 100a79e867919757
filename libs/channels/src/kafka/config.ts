import { z } from 'zod';
import { caCertSchema } from '../kit/index.js';
import { parseBroker } from './broker.js';

const BROKERS_MAX = 50;
/** https://github.com/apache/kafka/blob/trunk/clients/src/main/java/org/apache/kafka/common/internals/Topic.java */
const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

const brokerSchema = z.string().refine((text) => parseBroker(text) !== undefined, {
  error: (issue) => `must be host:port, such as kafka-1.example.com:9092, not ${JSON.stringify(issue.input)}`,
});

/** What SASL can carry. */
const credential = z
  .string()
  .min(1)
  .max(1_024)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not contain control characters or line ends' });

export const DEFAULT_KEY = '{{ policy }}|{{ object }}';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const saslSchema = z.strictObject({
  mechanism: z.enum(MECHANISMS).meta({
    title: 'Mechanism',
    description: 'plain sends the password as it is, so that without TLS it can be read on its way',
  }),
  username: credential.meta({ title: 'User name' }),
  password: credential.meta({ title: 'Password', writeOnly: true }),
});

/** The settings of a `kafka` endpoint. */
export const kafkaConfig = z
  .strictObject({
    brokers: z
      .preprocess((value) => (typeof value === 'string' ? fromList(value) : value), z.array(brokerSchema))
      .refine((brokers) => brokers.length >= 1 && brokers.length <= BROKERS_MAX, {
        error: ({ input }) => `must be 1 to ${BROKERS_MAX} brokers, not ${(input as string[]).length}`,
      })
      .meta({
        title: 'Brokers',
        description: 'where the cluster is asked for first, as host:port; a list, or one text with commas',
        examples: [['kafka-1.example.com:9092', 'kafka-2.example.com:9092']],
      }),
    topic: z
      .string()
      .refine((text) => TOPIC.test(text) && text !== '.' && text !== '..', {
        error: ({ input }) =>
          `must be 1 to 249 of the characters a-z A-Z 0-9 . _ -, and not . or .. alone; it is ${JSON.stringify(input)}`,
      })
      .meta({ title: 'Topic', description: 'it must exist: topics are not made automatically' }),
    key: z.string().max(1_024).default(DEFAULT_KEY).meta({
      title: 'Key',
      description: 'a template; records of the same key keep their order',
      template: 'text',
    }),
    sasl: saslSchema.optional().meta({ title: 'Login' }),
    tls: z.boolean().default(false).meta({ title: 'TLS' }),
    caCert: caCertSchema,
  })
  .refine(({ tls, caCert }) => tls || caCert === undefined, { path: ['caCert'], error: 'is for TLS only: set tls' });

export type KafkaConfig = z.output<typeof kafkaConfig>;

const fromList = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

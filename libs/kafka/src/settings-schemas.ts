import { z } from 'zod';
import { parseBrokerAddress } from './broker-address.js';

const BROKERS_MAX = 50;
/** https://github.com/apache/kafka/blob/trunk/clients/src/main/java/org/apache/kafka/common/internals/Topic.java */
const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const brokerSchema = z.string().refine((text) => parseBrokerAddress(text) !== undefined, {
  error: (issue) => `must be host:port, such as kafka-1.example.com:9092, not ${JSON.stringify(issue.input)}`,
});

/** A setting with 1 to 50 brokers, as a list or as one text with commas. */
export const brokersSchema = z
  .preprocess((value) => (typeof value === 'string' ? splitList(value) : value), z.array(brokerSchema))
  .refine((brokers) => brokers.length >= 1 && brokers.length <= BROKERS_MAX, {
    error: ({ input }) => `must be 1 to ${BROKERS_MAX} brokers, not ${(input as string[]).length}`,
  })
  .meta({
    title: 'Brokers',
    description: 'the first brokers to connect to, each as host:port; a list, or one text with commas',
    examples: [['kafka-1.example.com:9092', 'kafka-2.example.com:9092']],
  });

/** A setting with the name of a topic. */
export const topicSchema = z
  .string()
  .refine((text) => TOPIC.test(text) && text !== '.' && text !== '..', {
    error: ({ input }) =>
      `must be 1 to 249 of the characters a-z A-Z 0-9 . _ -, and not . or .. alone; it is ${JSON.stringify(input)}`,
  })
  .meta({ title: 'Topic', description: 'the topic must exist; it is not created automatically' });

/** User names and passwords that SASL can transmit. */
const credentialSchema = z
  .string()
  .min(1)
  .max(1_024)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'must not contain control characters or line ends' });

/** A setting with the login to a cluster. */
export const saslSchema = z.strictObject({
  mechanism: z.enum(MECHANISMS).meta({
    title: 'Mechanism',
    description: 'plain sends the password unencrypted unless TLS is on',
  }),
  username: credentialSchema.meta({ title: 'User name' }),
  password: credentialSchema.meta({ title: 'Password', writeOnly: true }),
});

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

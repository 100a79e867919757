import { createHash } from 'node:crypto';
import type { Outcome } from '#libs/contracts';
import { type KafkaProducer, openProducer, ProduceFailure, produceOutcome } from '#libs/kafka';
import { type ChannelIo, defineChannel, type Message } from '../channel.js';
import { ALL_VARIABLES_AS_JSON, failureOutcome, tlsErrorText } from '../kit/index.js';
import { DEFAULT_KEY, type KafkaConfig, kafkaConfig } from './config.js';
import { recordOf } from './record.js';

const TIMEOUT_MS = 15_000;
/** The same in every language, because programs read it. */
const JSON_TEMPLATE = { title: '{{ title }}', content: ALL_VARIABLES_AS_JSON };

/** Writes the content as a record of a Kafka topic. */
export const kafka = defineChannel({
  type: 'kafka',
  label: 'Kafka',
  readBy: 'programs',
  config: kafkaConfig,
  template: { en: JSON_TEMPLATE, 'zh-CN': JSON_TEMPLATE },
  // The size limit of a record is a setting of its topic, and a truncated record would not be JSON.
  limits: { rate: null, documentedAt: null },
  targets: ({ topic, brokers }) => [{ id: 'topic', label: `${topic} at ${brokers[0]}` }],
  timeoutMs: () => TIMEOUT_MS,

  async send(message, { config }, io): Promise<Outcome> {
    const record = recordOf(message, await keyOf(message, config), io.now());
    try {
      const shared = sharedProducer(config, io);
      shared.connect = io.connect;
      const { partition, offset } = await shared.producer.send(record, {
        timeoutMs: TIMEOUT_MS,
        signal: io.signal,
        beforeWrite: io.beforeWrite,
      });
      return { kind: 'delivered', excerpt: `topic ${config.topic}, partition ${partition}, offset ${offset}` };
    } catch (error) {
      if (error instanceof ProduceFailure) return outcomeOf(error, config.topic);
      throw error;
    }
  },
});

/** The default key is built here, because rendering in a thread costs more than the key. */
async function keyOf({ render, variables: { policy, object } }: Message, { key }: KafkaConfig): Promise<string> {
  return key === DEFAULT_KEY ? `${policy}|${object}` : render(key);
}

function outcomeOf(failure: ProduceFailure, topic: string): Outcome {
  const outcome = produceOutcome(failure, topic) ?? failureOutcome(failure.cause);
  const { code = '', message = '' } = outcome;
  return { ...outcome, message: tlsErrorText(code, message) };
}

/** A producer that all deliveries with the same connection settings use. */
interface SharedProducer {
  producer: KafkaProducer;
  /** The `connect` of the latest send; new connections serve every delivery. */
  connect: ChannelIo['connect'];
}

const keys = new WeakMap<KafkaConfig, string>();

/** A hash of all settings of the connection; computed once for a config, which is replaced and never changed. */
function connectionKeyOf(config: KafkaConfig): string {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const { brokers, topic, sasl, tls, caCert } = config;
  const identity = JSON.stringify([brokers, topic, sasl, tls, caCert]);
  const key = `kafka:${createHash('sha256').update(identity).digest('base64url')}`;
  keys.set(config, key);
  return key;
}

function sharedProducer(config: KafkaConfig, io: ChannelIo): SharedProducer {
  return io.reuse(
    connectionKeyOf(config),
    () => {
      const shared: SharedProducer = {
        producer: openProducer(config, config.topic, (to) => shared.connect(to)),
        connect: io.connect,
      };
      return shared;
    },
    ({ producer }) => producer.close(),
  );
}

import { createHash } from 'node:crypto';
import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel, type Message } from '../channel.js';
import { ALL_VARIABLES_AS_JSON, openTls, trusting } from '../kit/index.js';
import { parseBroker, toKafkajs } from './broker.js';
import { CONNECT_MS, KafkaClient } from './client.js';
import { DEFAULT_KEY, type KafkaConfig, kafkaConfig } from './config.js';
import { classify, ProduceFailure } from './failure.js';
import { KafkaProducer } from './producer.js';
import { recordOf } from './record.js';

const TIMEOUT_MS = 15_000;
/** Read by programs, whatever the language. */
const FOR_PROGRAMS = { title: '{{ title }}', content: ALL_VARIABLES_AS_JSON };

/** Writes the content as a record of a Kafka topic. */
export const kafka = defineChannel({
  type: 'kafka',
  label: 'Kafka',
  readBy: 'programs',
  config: kafkaConfig,
  template: { en: FOR_PROGRAMS, 'zh-CN': FOR_PROGRAMS },
  // How large a record may be is each topic's own affair; one that was cut would be no JSON any more.
  limits: { rate: null, documentedAt: null },
  targets: ({ topic, brokers }) => [{ id: 'topic', label: `${topic} at ${brokers[0]}` }],
  timeoutMs: () => TIMEOUT_MS,

  async send(message, { config }, io): Promise<Outcome> {
    const record = recordOf(message, await keyOf(message, config), io.now());
    try {
      const way = wayTo(config, io);
      way.connect = io.connect;
      const { partition, offset } = await way.producer.send(record, { timeoutMs: TIMEOUT_MS, signal: io.signal });
      return { kind: 'delivered', excerpt: `topic ${config.topic}, partition ${partition}, offset ${offset}` };
    } catch (error) {
      if (error instanceof ProduceFailure) return classify(error, config.topic);
      throw error;
    }
  },
});

/** Rendering goes to threads of its own, which is not worth it for a key that all but a few leave as it is. */
async function keyOf({ render, variables: { policy, object } }: Message, { key }: KafkaConfig): Promise<string> {
  return key === DEFAULT_KEY ? `${policy}|${object}` : render(key);
}

interface Way {
  producer: KafkaProducer;
  /** The way out of whoever sends now; connections are opened for all. */
  connect: ChannelIo['connect'];
}

const wayKeys = new WeakMap<KafkaConfig, string>();

/** Of all that makes the client of a config different from others; settings stay the same object until they change. */
function wayKeyOf(config: KafkaConfig): string {
  const known = wayKeys.get(config);
  if (known !== undefined) return known;
  const { brokers, topic, sasl, tls, caCert } = config;
  const identity = JSON.stringify([brokers, topic, sasl, tls, caCert]);
  const key = `kafka:${createHash('sha256').update(identity).digest('base64url')}`;
  wayKeys.set(config, key);
  return key;
}

function wayTo(config: KafkaConfig, io: ChannelIo): Way {
  return io.keep(
    wayKeyOf(config),
    () => openWay(config, io.connect),
    (way) => way.producer.close(),
  );
}

function openWay({ brokers, topic, sasl, tls, caCert }: KafkaConfig, connect: ChannelIo['connect']): Way {
  const secureContext = tls ? trusting(caCert) : undefined;
  const known = brokers.flatMap((text) => parseBroker(text) ?? []).map(toKafkajs);
  let opened = 0;
  const open = async (host: string, port: number) => {
    const socket = await way.connect({ host, port, timeoutMs: CONNECT_MS });
    return secureContext ? openTls(socket, { host, secureContext, timeoutMs: CONNECT_MS }) : socket;
  };
  const producer = new KafkaProducer((onPartitions) => {
    // Each client begins with another broker, so that one that hangs does not keep the others from being asked.
    const first = opened++ % known.length;
    return new KafkaClient({
      brokers: [...known.slice(first), ...known.slice(0, first)],
      topic,
      ...(sasl && { sasl: { ...sasl } }),
      connect: open,
      onPartitions,
    });
  });
  const way: Way = { producer, connect };
  return way;
}

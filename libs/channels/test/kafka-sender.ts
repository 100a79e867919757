import { afterEach } from 'vitest';
import type { Outcome } from '#libs/contracts';
import { BrokerStandIn, type BrokerStandInOptions } from '../../kafka/test/broker-stand-in.js';
import { kafka } from '../src/kafka/index.js';
import { createTestIo, type TestIo } from './test-io.js';
import { testMessage } from './test-message.js';

export const LOGIN = { username: 'alerts', password: 'hunter22' };
export const SASL = { mechanism: 'plain', ...LOGIN };

export type MessageChanges = Parameters<typeof testMessage>[1];

/** Starts brokers and senders for a spec of the Kafka channel, and stops them after each test. */
export function kafkaSenders() {
  const brokers: BrokerStandIn[] = [];
  const ios: TestIo[] = [];
  afterEach(async () => {
    await Promise.all(ios.splice(0).map((io) => io.close()));
    await Promise.all(brokers.splice(0).map((broker) => broker.stop()));
  });
  return {
    async start(options: BrokerStandInOptions = {}): Promise<BrokerStandIn> {
      const broker = await BrokerStandIn.start(options);
      brokers.push(broker);
      return broker;
    },

    /** Stops a broker before the end of the test. */
    async stop(broker: BrokerStandIn): Promise<void> {
      brokers.splice(brokers.indexOf(broker), 1);
      await broker.stop();
    },

    /** A function that sends with the settings; each has Kafka clients of its own. */
    sender(port: number, settings: object = {}, { deny = [] as string[], host = '127.0.0.1' } = {}) {
      const io = createTestIo({ deny });
      ios.push(io);
      const config = kafka.config.parse({ brokers: `${host}:${port}`, topic: 'alerts', ...settings });
      return (changes: MessageChanges = {}, signal?: AbortSignal): Promise<Outcome> =>
        kafka.send(testMessage(kafka, changes), { config, target: { id: 'topic', label: '' } }, io.io(signal));
    },

    /** A function that sends with one `ChannelIo` and a password that may differ from send to send. */
    senderByPassword(port: number) {
      const io = createTestIo();
      ios.push(io);
      return (password: string): Promise<Outcome> => {
        const sasl = { ...SASL, password };
        const config = kafka.config.parse({ brokers: `127.0.0.1:${port}`, topic: 'alerts', sasl });
        return kafka.send(testMessage(kafka), { config, target: { id: 'topic', label: '' } }, io.io());
      };
    },

    closeConnections: () => Promise.all(ios.map((io) => io.close())),
  };
}

/** Messages with the ids `delivery-0`, `delivery-1` … and keys of their own. */
export const messages = (count: number, changes: MessageChanges = {}) =>
  Array.from({ length: count }, (_, index) => ({
    ...changes,
    deliveryId: `delivery-${index}`,
    // Renders the key without a thread, so that all messages are sent in the same turn of the event loop.
    render: async () => `o${index}`,
  }));

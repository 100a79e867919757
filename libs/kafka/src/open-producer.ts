import type { Socket } from 'node:net';
import type { SASLOptions } from 'kafkajs';
import { openTls, trustedAuthorities } from '#libs/network';
import { parseBrokerAddress, toKafkajs } from './broker-address.js';
import { CONNECT_MS, KafkaClient } from './kafka-client.js';
import { KafkaProducer } from './producer.js';

/** The settings of a connection to a cluster, in the form of the schemas of this library. */
export interface KafkaConnectionSettings {
  /** `host:port` each. */
  brokers: readonly string[];
  sasl?: SASLOptions | undefined;
  tls: boolean;
  /** A certificate authority trusted beside those of the system, in PEM form. */
  caCert?: string | undefined;
}

/** @param connect opens a TCP connection to an address that may be reached */
export function openProducer(
  { brokers, sasl, tls, caCert }: KafkaConnectionSettings,
  topic: string,
  connect: (to: { host: string; port: number; timeoutMs: number }) => Promise<Socket>,
): KafkaProducer {
  const secureContext = tls ? trustedAuthorities(caCert) : undefined;
  const addresses = brokers.flatMap((text) => parseBrokerAddress(text) ?? []).map(toKafkajs);
  const open = async (host: string, port: number) => {
    const socket = await connect({ host, port, timeoutMs: CONNECT_MS });
    return secureContext ? openTls(socket, { host, secureContext, timeoutMs: CONNECT_MS }) : socket;
  };
  let opened = 0;
  return new KafkaProducer((onPartitions) => {
    // Each client starts with the next broker, so that one that hangs does not block the others.
    const first = opened++ % addresses.length;
    return new KafkaClient({
      brokers: [...addresses.slice(first), ...addresses.slice(0, first)],
      topic,
      ...(sasl && { sasl: { ...sasl } }),
      connect: open,
      onPartitions,
    });
  });
}

import { isIP, isIPv6 } from 'node:net';

/** Where a broker listens. */
export interface Broker {
  /** A name or an address, an IPv6 one without its brackets. */
  host: string;
  port: number;
}

const PARTS = /^(\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/;
const NAME = /^[a-z0-9_][a-z0-9_.-]{0,252}$/i;

/** Reads `host:port`; undefined where it is none. */
export function parseBroker(text: string): Broker | undefined {
  const [, address = '', digits = ''] = PARTS.exec(text) ?? [];
  const host = address.replace(/^\[(.*)\]$/, '$1');
  const isHost = address.startsWith('[') ? isIPv6(host) : isIP(host) !== 0 || NAME.test(host);
  const port = Number(digits);
  return isHost && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * As kafkajs 2 reads the brokers of its settings: it takes what stands before the first colon for the host. Those that a
 * cluster advertises come with the host apart, and need none of this.
 */
export const toKafkajs = ({ host, port }: Broker): string => `${host.replaceAll(':', '_')}:${port}`;

/** The host that kafkajs means. A name may have underscores, an address has none. */
export function fromKafkajs(host: string): string {
  const address = host.replaceAll('_', ':');
  return isIPv6(address) ? address : host;
}

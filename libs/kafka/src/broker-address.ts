import { isIP, isIPv6 } from 'node:net';

/** The address at which a broker accepts connections. */
export interface BrokerAddress {
  /** A name or an IP address; an IPv6 address without its brackets. */
  host: string;
  port: number;
}

const HOST_AND_PORT = /^(\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/;
const NAME = /^[a-z0-9_][a-z0-9_.-]{0,252}$/i;

/** Parses `host:port`; undefined if the text is not an address of that form. */
export function parseBrokerAddress(text: string): BrokerAddress | undefined {
  const [, address = '', digits = ''] = HOST_AND_PORT.exec(text) ?? [];
  const host = address.replace(/^\[(.*)\]$/, '$1');
  const isHost = address.startsWith('[') ? isIPv6(host) : isIP(host) !== 0 || NAME.test(host);
  const port = Number(digits);
  return isHost && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * The address in the form that kafkajs 2 parses: it splits at the first colon, so the colons of an IPv6 address become
 * underscores. Addresses that a cluster advertises have a separate host field and need no conversion.
 */
export const toKafkajs = ({ host, port }: BrokerAddress): string => `${host.replaceAll(':', '_')}:${port}`;

/** Reverses {@link toKafkajs} for the host. Names may contain underscores, IP addresses never do. */
export function fromKafkajs(host: string): string {
  const address = host.replaceAll('_', ':');
  return isIPv6(address) ? address : host;
}

import { isIPv6 } from 'node:net';

export type Transport = 'udp' | 'tcp' | 'tls';

/** The address of a syslog server. */
export interface SyslogTarget {
  transport: Transport;
  /** A name or an IP address; an IPv6 address without its brackets. */
  host: string;
  port: number;
}

/** Default ports: https://www.rfc-editor.org/rfc/rfc5426#section-3.3; plain TCP has no port of its own and uses that of UDP. */
const PORTS: Readonly<Record<Transport, number>> = { udp: 514, tcp: 514, tls: 6514 };
const PARTS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/i;
const NAME = /^[a-z0-9_]([a-z0-9_.-]{0,252})$/i;

/** Parses `[udp|tcp|tls]://host:port`, or returns the problem of the text. */
export function parseTarget(text: string): SyslogTarget | { problem: string } {
  const [, scheme = 'udp', address = '', port] = PARTS.exec(text) ?? [];
  const transport = scheme.toLowerCase();
  if (!isTransport(transport)) return problem(`the scheme must be udp, tcp or tls, not ${scheme}`);
  if (isIPv6(text)) return problem('an IPv6 address needs brackets');
  const host = address.startsWith('[') ? address.slice(1, -1) : address;
  if (address.startsWith('[') ? !isIPv6(host) : !NAME.test(host)) {
    return problem(`${JSON.stringify(address)} is not a host`);
  }
  const number = port === undefined ? PORTS[transport] : /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) return problem(`the port must be from 1 to 65535, not ${JSON.stringify(port)}`);
  return { transport, host: host.toLowerCase(), port: number };
}

function isTransport(text: string): text is Transport {
  return Object.hasOwn(PORTS, text);
}

function problem(text: string): { problem: string } {
  return { problem: `${text}; write udp://host:port, tcp://host:port or tls://host:port` };
}

/** Parses a target of validated settings. */
export function targetOf(text: string): SyslogTarget {
  const target = parseTarget(text);
  if ('problem' in target) throw new Error(`validated settings have an invalid target: ${target.problem}`);
  return target;
}

/** The label of a target: `host:port`. */
export function addressOf({ host, port }: SyslogTarget): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

import { isIPv6 } from 'node:net';

export type Transport = 'udp' | 'tcp' | 'tls';

/** Where a syslog server listens. */
export interface SyslogTarget {
  transport: Transport;
  /** A name or an address, an IPv6 one without its brackets. */
  host: string;
  port: number;
}

/** https://www.rfc-editor.org/rfc/rfc5426#section-3.3; plain TCP has no port of its own and uses the same. */
const PORTS: Readonly<Record<Transport, number>> = { udp: 514, tcp: 514, tls: 6514 };
const PARTS = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/i;
const NAME = /^[a-z0-9_]([a-z0-9_.-]{0,252})$/i;

/** Reads `[udp|tcp|tls]://host:port`; what is wrong with it where it cannot be read. */
export function parseTarget(text: string): SyslogTarget | { problem: string } {
  const [, scheme = 'udp', address = '', port] = PARTS.exec(text) ?? [];
  const transport = scheme.toLowerCase();
  if (!isTransport(transport)) return problem(`the scheme must be udp, tcp or tls, not ${scheme}`);
  if (isIPv6(text)) return problem('an IPv6 address stands in brackets');
  const host = address.startsWith('[') ? address.slice(1, -1) : address;
  if (address.startsWith('[') ? !isIPv6(host) : !NAME.test(host)) {
    return problem(`${JSON.stringify(address)} is no host`);
  }
  const number = port === undefined ? PORTS[transport] : /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) return problem(`the port must be from 1 to 65535, not ${JSON.stringify(port)}`);
  return { transport, host: host.toLowerCase(), port: number };
}

function isTransport(text: string): text is Transport {
  return Object.hasOwn(PORTS, text);
}

function problem(what: string): { problem: string } {
  return { problem: `${what}; write udp://host:port, tcp://host:port or tls://host:port` };
}

/** A target of settings that were accepted. */
export function targetOf(text: string): SyslogTarget {
  const target = parseTarget(text);
  if ('problem' in target) throw new Error(`accepted settings name no target: ${target.problem}`);
  return target;
}

/** For people: `host:port`. */
export function addressOf({ host, port }: SyslogTarget): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

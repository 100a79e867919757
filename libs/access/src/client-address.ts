import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Length of the IPv6 prefix that one client has: it may take any address within it. */
const CLIENT_PREFIX_BITS = 64;
/** Longest text of an address in a header; others are cut, since anybody may write them. */
const TEXT_CHARS_MAX = 64;

/** An address without zone, and IPv4 for an IPv4-mapped one; undefined if the text is no address. */
function parseAddress(text: string): Address | undefined {
  const plain = text.split('%', 1)[0] ?? '';
  return ipaddr.IPv4.isValidFourPartDecimal(plain) || ipaddr.IPv6.isValid(plain) ? ipaddr.process(plain) : undefined;
}

/** Some proxies add the port: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
const withoutPort = (text: string): string => text.replace(/^\[([^\]]*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3');

/**
 * The client that an address stands for: the IPv4 address, or the /64 of an IPv6 address. Otherwise one machine would
 * count as 2^64 clients.
 */
export function clientOf(ip: string | undefined): string {
  const address = parseAddress(withoutPort(ip ?? ''));
  if (!address) return (ip ?? 'unknown').slice(0, TEXT_CHARS_MAX);
  if (address.kind() === 'ipv4') return address.toString();
  const bytes = address.toByteArray().fill(0, CLIENT_PREFIX_BITS / 8);
  return `${ipaddr.fromByteArray(bytes).toString()}/${CLIENT_PREFIX_BITS}`;
}

/**
 * Creates the check whether an address is a trusted proxy, whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
 * @param ranges address ranges in CIDR notation
 */
export function createProxyTrust(ranges: readonly string[]): (address: string | undefined) => boolean {
  const trusted = ranges.map((range) => ipaddr.parseCIDR(range));
  return (text) => {
    const address = text === undefined ? undefined : parseAddress(text);
    if (!address) return false;
    return trusted.some(([base, bits]) => address.kind() === base.kind() && address.match(base, bits));
  };
}

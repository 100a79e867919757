import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** IPv6 prefixes whose addresses embed an IPv4 address, and the byte at which it begins. */
const EMBEDDING_PREFIXES: readonly { readonly range: Range; readonly at: number }[] = [
  { range: ipaddr.parseCIDR('::ffff:0:0/96'), at: 12 }, // IPv4-mapped
  { range: ipaddr.parseCIDR('::ffff:0:0:0/96'), at: 12 }, // IPv4-translated
  { range: ipaddr.parseCIDR('::/96'), at: 12 }, // IPv4-compatible
  { range: ipaddr.parseCIDR('64:ff9b::/96'), at: 12 }, // NAT64, https://www.rfc-editor.org/rfc/rfc6052
  { range: ipaddr.parseCIDR('64:ff9b:1::/48'), at: 12 }, // local NAT64, https://www.rfc-editor.org/rfc/rfc8215
  { range: ipaddr.parseCIDR('2002::/16'), at: 2 }, // 6to4
];

/** Every address that a connection to this one can reach. */
function reachableFrom(address: Address): Address[] {
  if (address.kind() === 'ipv4') {
    // The system connects to the loopback interface for 0.0.0.0.
    return address.toString() === '0.0.0.0' ? [address, ipaddr.parse('127.0.0.1')] : [address];
  }
  const text = address.toString();
  if (text === '::') return [address, ipaddr.parse('::1'), ...reachableFrom(ipaddr.parse('0.0.0.0'))];
  if (text === '::1') return [address];
  const bytes = address.toByteArray();
  const embedded = EMBEDDING_PREFIXES.filter(({ range }) => address.match(range)).map(({ at }) =>
    ipaddr.fromByteArray(bytes.slice(at, at + 4)),
  );
  return [address, ...embedded.flatMap(reachableFrom)];
}

function parseRange(cidr: string): Range {
  if (ipaddr.isValidCIDR(cidr)) return ipaddr.parseCIDR(cidr);
  throw new Error(`${cidr} is not an address range in CIDR notation`);
}

/**
 * Checks whether deliveries may connect to an address; a name or malformed text is denied.
 * @param deny address ranges in CIDR notation
 */
export function createEgressGuard(deny: readonly string[]): (address: string) => boolean {
  const ranges = deny.map(parseRange);
  return (text) => {
    const withoutZone = text.split('%', 1)[0] ?? '';
    if (!ipaddr.isValid(withoutZone)) return false;
    return !reachableFrom(ipaddr.parse(withoutZone)).some((address) =>
      ranges.some((range) => address.kind() === range[0].kind() && address.match(range)),
    );
  };
}

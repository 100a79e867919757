import ipaddr from 'ipaddr.js';

/**
 * What no delivery reaches unless an operator says otherwise: unspecified addresses, which the kernel takes for this
 * machine, and link-local ones, where clouds answer with credentials. The mapped forms are the same IPv4 ranges.
 */
const ALWAYS = ['0.0.0.0/8', '::/128', '::ffff:0.0.0.0/104', '169.254.0.0/16', 'fe80::/10', '::ffff:169.254.0.0/112'];
const LOOPBACK = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104'];

/** In standalone mode receivers on the same machine are the usual case, so loopback stays open. */
export const defaultEgressDeny = (standalone: boolean): readonly string[] =>
  standalone ? ALWAYS : [...ALWAYS, ...LOOPBACK];

/** A comma-separated CIDR list, `none` for an empty one; a lone address stands for itself. Undefined where one is bad. */
export function parseEgressDeny(text: string): readonly string[] | undefined {
  if (text === 'none') return [];
  const ranges = text.split(/[\s,]+/).filter((part) => part !== '');
  const parsed = ranges.map(parseRange);
  return ranges.length > 0 && parsed.every((range) => range !== undefined) ? (parsed as string[]) : undefined;
}

function parseRange(text: string): string | undefined {
  if (ipaddr.isValidCIDR(text)) return text;
  if (!text.includes('/') && (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text))) {
    return `${text}/${text.includes(':') ? 128 : 32}`;
  }
  return undefined;
}

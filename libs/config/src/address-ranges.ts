import ipaddr from 'ipaddr.js';

/** Parses a comma-separated list of CIDR ranges and addresses, or `none`; undefined if an entry is invalid. */
export function parseAddressRanges(text: string): readonly string[] | undefined {
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

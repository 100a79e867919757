import type { DestinationMark, PortWith } from '../config/destination-mark.js';

/** One marked field of a config: its value, or the default of its schema, and the object that has the field. */
export interface Marked {
  readonly value: unknown;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Whether secrets for the first value may be sent by the second: the destination is the same, and no less protected. */
export function isSameDestination(mark: DestinationMark, before: Marked, after: Marked): boolean {
  switch (mark) {
    case 'origin':
      return originOf(before.value) === originOf(after.value);
    case 'host':
      return hostOf(before.value) === hostOf(after.value);
    case 'addresses': {
      const known = new Set(addressesOf(before.value));
      return addressesOf(after.value).every((address) => known.has(address));
    }
    case 'value':
      return before.value === after.value;
    default:
      return 'port' in mark ? isSamePort(mark, before, after) : isAsStrong(mark.weakestFirst, before, after);
  }
}

function isSamePort(mark: { port: number; portWith?: PortWith }, before: Marked, after: Marked): boolean {
  // A default port that follows the security is no change of its own: a weaker security is found by its own mark.
  if (before.value === undefined && after.value === undefined) return true;
  const portOf = ({ value, object }: Marked): unknown => {
    if (value !== undefined) return value;
    const { portWith } = mark;
    return portWith && object[portWith.field] === portWith.value ? portWith.port : mark.port;
  };
  return portOf(before) === portOf(after);
}

/** A value that the list lacks counts as the weakest. */
const isAsStrong = (weakestFirst: readonly unknown[], before: Marked, after: Marked): boolean =>
  weakestFirst.indexOf(after.value) >= weakestFirst.indexOf(before.value);

/** Scheme, host and port, as the URL parser of the clients reads them; a text that is no URL is compared unchanged. */
function originOf(value: unknown): unknown {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url ? `${url.protocol}//${url.host.toLowerCase()}` : value;
}

function hostOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const bare = value.replace(/^\[(.*)\]$/s, '$1');
  return URL.parse(`http://${bare.includes(':') ? `[${bare}]` : bare}/`)?.hostname ?? value.toLowerCase();
}

/** Lists of addresses are also written as one text with commas. */
function addressesOf(value: unknown): unknown[] {
  const list = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  return list
    .map((one: unknown) => (typeof one === 'string' ? one.trim().toLowerCase() : one))
    .filter((one) => one !== '');
}

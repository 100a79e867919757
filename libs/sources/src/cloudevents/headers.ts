import type { FieldError } from '#libs/validation';
import type { Refused } from './source-alert.js';

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time'];
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Whether a request carries a CloudEvent in binary mode; its content type is then that of the data. */
export const hasBinaryAttributes = (headers: HttpHeaders): boolean =>
  Object.keys(headers).some((name) => name.startsWith('ce-'));

/** The header that an attribute stands in; undefined for what is no attribute. */
export const headerOf = (attribute: string): string | undefined =>
  ATTRIBUTES.includes(attribute) ? `ce-${attribute}` : undefined;

/** The attributes that stand in headers, of which names are in small letters. */
export function attributesOfHeaders(headers: HttpHeaders): { ok: true; attributes: Record<string, string> } | Refused {
  const attributes: Record<string, string> = {};
  const errors: FieldError[] = [];
  for (const name of ATTRIBUTES) {
    const header = [headers[`ce-${name}`]].flat()[0];
    if (header === undefined) continue;
    const value = decode(header);
    if (value === undefined) errors.push({ path: `ce-${name}`, message: 'is not percent-encoded UTF-8' });
    else attributes[name] = value;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, attributes };
}

/**
 * The text of a header by the HTTP binding of CloudEvents: without the quotes of a quoted string, then percent-decoded
 * once. Undefined where the bytes are not UTF-8.
 */
function decode(header: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(header)?.[1];
  const text = quoted === undefined ? header : quoted.replace(/\\(.)/gs, '$1');
  // Node.js hands headers on as Latin-1: one character a byte.
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return decoder.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

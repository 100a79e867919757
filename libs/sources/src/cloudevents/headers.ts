import type { RefusedAlert, SourceHeaders } from '../source.js';

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time'];
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Whether a request carries a CloudEvent in binary mode; its content type is then the type of the data. */
export const hasBinaryAttributes = (headers: SourceHeaders): boolean =>
  Object.keys(headers).some((name) => name.startsWith('ce-'));

/** The header of an attribute; undefined if the name is not an attribute. */
export const headerOf = (attribute: string): string | undefined =>
  ATTRIBUTES.includes(attribute) ? `ce-${attribute}` : undefined;

/** The attributes of a CloudEvent in binary mode. */
export function attributesOfHeaders(
  headers: SourceHeaders,
): { ok: true; attributes: Record<string, string> } | RefusedAlert {
  const attributes: Record<string, string> = {};
  const errors: RefusedAlert['errors'] = [];
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
 * once. Undefined if the bytes are not UTF-8.
 */
function decode(header: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(header)?.[1];
  const text = quoted === undefined ? header : quoted.replace(/\\(.)/gs, '$1');
  // Node.js passes headers on as Latin-1: one character for each byte.
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return decoder.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

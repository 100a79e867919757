import { domainToASCII } from 'node:url';

/** A mail address with its display name. */
export interface MailAddress {
  /** `local@domain`, the domain in lower case and ASCII. */
  address: string;
  name?: string;
}

// https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
const LOCAL_CHARS_MAX = 64;
const DOMAIN_CHARS_MAX = 253;
const NAME_CHARS_MAX = 200;

const WITH_NAME = /^("(?:[^"\\]|\\.)*"\s*|[^"<>]*)<([^<>]*)>$/u;
// Quoted local parts are not supported: they are rare and many servers mishandle them.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Parses `ops@example.org` and `Ops <ops@example.org>`; undefined for any other text. Domains may have any letters, local
 * parts only ASCII, since servers without SMTPUTF8 accept no others.
 */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text) || !text.isWellFormed()) return undefined;
  const [, quotedName = '', inBrackets] = WITH_NAME.exec(text.trim()) ?? [];
  const address = normalized(inBrackets ?? text.trim());
  const name = unquoted(quotedName.trim());
  if (address === undefined || name.length > NAME_CHARS_MAX) return undefined;
  return name === '' ? { address } : { address, name };
}

/** Converts a host name to lower case ASCII; undefined if it is not a host name. */
export function asciiHostName(text: string): string | undefined {
  const host = domainToASCII(text);
  return host.length <= DOMAIN_CHARS_MAX && host.split('.').every((label) => LABEL.test(label)) ? host : undefined;
}

function normalized(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = asciiHostName(address.slice(at + 1));
  if (at < 1 || local.length > LOCAL_CHARS_MAX || !LOCAL.test(local) || domain === undefined) return undefined;
  return `${local}@${domain}`;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll(/\\(.)/gu, '$1') : name;
}

import { domainToASCII } from 'node:url';

/** A mail address, with the name that people are shown. */
export interface MailAddress {
  /** `local@domain`, the domain in lower case and ASCII, as a mail server is given it. */
  address: string;
  name?: string;
}

// https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1
const LOCAL_CHARS_MAX = 64;
const DOMAIN_CHARS_MAX = 253;
const NAME_CHARS_MAX = 200;

const WITH_NAME = /^("(?:[^"\\]|\\.)*"\s*|[^"<>]*)<([^<>]*)>$/u;
// Without quoted local parts: nobody has one, and much goes wrong with them.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Understands `ops@example.org` and `Ops <ops@example.org>`; undefined where the text is neither. Domains may hold any
 * letters, local parts only ASCII: a server without SMTPUTF8 could take no others.
 */
export function parseMailAddress(text: string): MailAddress | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text) || !text.isWellFormed()) return undefined;
  const [, quotedName = '', inBrackets] = WITH_NAME.exec(text.trim()) ?? [];
  const address = normalized(inBrackets ?? text.trim());
  const name = unquoted(quotedName.trim());
  if (address === undefined || name.length > NAME_CHARS_MAX) return undefined;
  return name === '' ? { address } : { address, name };
}

/** A host name in lower case and ASCII; undefined where the text is none. */
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

import { isIP } from 'node:net';
import { asciiHostName } from './mail-address.js';

/** Encryption of the connection to a mail server. `starttls` is required: without it nothing is sent. */
export const SMTP_SECURITIES = ['starttls', 'tls', 'none'] as const;
export type SmtpSecurity = (typeof SMTP_SECURITIES)[number];

/** Address and credentials of a mail server. */
export interface SmtpServer {
  /** A host name, or an IP address without brackets. */
  host: string;
  port: number;
  security: SmtpSecurity;
  username?: string;
  password?: string;
  /** PEM of a certificate authority to trust besides the system's. */
  caCert?: string;
}

/** Default port: https://www.rfc-editor.org/rfc/rfc8314#section-3.3 */
export const smtpPort = (security: SmtpSecurity): number => (security === 'tls' ? 465 : 587);

export const SMTP_URL_FORMS =
  'smtp://[user:pass@]host[:port] or smtps://…, optionally with ?security=starttls, tls or none';

/**
 * Parses an SMTP_URL; undefined if it has none of the allowed forms. `smtps` is TLS from the first byte, `smtp` is STARTTLS.
 * `smtp` to a loopback address is not encrypted: the traffic stays on the machine, whose certificate names another host.
 */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname) || url.hash !== '') return undefined;
  const host = smtpHost(decoded(url.hostname) ?? '');
  const credentials = credentialsOf(url);
  const [[name, value] = [], ...more] = url.searchParams;
  const asked = SMTP_SECURITIES.find((one) => one === value);
  const misread = more.length > 0 || (name !== undefined && (name !== 'security' || asked === undefined));
  if (host === undefined || credentials === undefined || misread || url.port === '0') return undefined;
  const security = asked ?? (url.protocol === 'smtps:' ? 'tls' : isLoopback(host) ? 'none' : 'starttls');
  return { host, port: url.port === '' ? smtpPort(security) : Number(url.port), security, ...credentials };
}

/** Host name or address to connect to; undefined if the text is neither. */
export function smtpHost(text: string): string | undefined {
  const address = text.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? asciiHostName(text) : address;
}

function credentialsOf(url: URL): Pick<SmtpServer, 'username' | 'password'> | undefined {
  const username = decoded(url.username);
  const password = decoded(url.password);
  if (username === undefined || password === undefined) return undefined;
  if (username === '' && password === '') return {};
  return username !== '' && password !== '' ? { username, password } : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.[\d.]+$/.test(host);

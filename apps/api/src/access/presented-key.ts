/** An API key as a request presents it. */
export interface PresentedKey {
  key: string;
  /** Whether it is the password of HTTP Basic, which browsers add to requests on their own. */
  isPassword: boolean;
}

/** Reads the key of an `Authorization` header: `Bearer <key>`, or Basic with the key as the password and any user name. */
export function presentedKey(authorization: string | undefined): PresentedKey | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return { key: credentials, isPassword: false };
  if (!/^basic$/i.test(scheme)) return undefined;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { key: decoded.slice(colon + 1), isPassword: true };
}

import { z } from 'zod';

const URL_CHARS_MAX = 2_048;

/** The address of a provider. In clear is allowed as well: gateways in networks of one's own often speak nothing else. */
export const httpUrlSchema = z
  .string()
  .max(URL_CHARS_MAX)
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** The address of what lies under a base URL, whether that ends in a slash or not. */
export function urlUnder(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

function problemOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (!/^https?:\/\/[^/\\]/i.test(text) || !url) return 'must be a URL that begins with https:// or http://';
  // A URL is read without its tabs and line ends, so that what is checked here would not be what is called.
  if (/[\s\p{Cc}\\]/u.test(text)) return 'must not contain blanks, backslashes, control characters or line ends';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  if (url.port === '0') return 'must name a port from 1 to 65535 if any';
  if (url.hash !== '') return 'must not have a part behind #';
  return undefined;
}

import { z } from 'zod';

const URL_CHARS_MAX = 2_048;

/** The URL of a provider. Plain http is allowed too, because gateways inside a network often offer nothing else. */
export const httpUrlSchema = z
  .string()
  .max(URL_CHARS_MAX)
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({ destination: 'origin' });

/** Appends a path to a base URL, with or without a slash at its end. */
export function urlUnder(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

function problemOf(text: string): string | undefined {
  const url = URL.parse(text);
  if (!/^https?:\/\/[^/\\]/i.test(text) || !url) return 'must be a URL that begins with https:// or http://';
  // The URL parser drops tabs and line ends, so the URL that is checked would differ from the one that is called.
  if (/[\s\p{Cc}\\]/u.test(text)) return 'must not contain blanks, backslashes, control characters or line ends';
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  if (url.port === '0') return 'must have a port from 1 to 65535, or no port';
  if (url.hash !== '') return 'must not have a fragment (a part after #)';
  return undefined;
}

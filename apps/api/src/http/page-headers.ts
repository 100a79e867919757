/**
 * Headers of every answer. A page of another site can neither show an answer in a frame nor learn addresses from it, and an
 * answer that a browser takes for a page runs nothing. Pages have a content policy of their own instead.
 */
export const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Content policy of pages of libraries, which set inline styles: all else comes from this server. */
export const LIBRARY_PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

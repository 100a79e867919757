import type { FastifyReply, onSendAsyncHookHandler } from 'fastify';

/** Content policy of the page: inline styles, which it sets itself, and all else from this server. */
const CONTENT_SECURITY_POLICY = [
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

/** Fonts that the page would load from another server. */
const FOREIGN_LINK = /<link\b[^>]*href="https?:[^>]*>/g;

/** Restricts the board's page to this server. */
export const keepPageHere: onSendAsyncHookHandler = async (_request, reply, payload) => {
  addHeaders(reply);
  if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
  const page = payload.replace(FOREIGN_LINK, '');
  reply.header('content-length', Buffer.byteLength(page));
  return page;
};

function addHeaders(reply: FastifyReply): void {
  reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('referrer-policy', 'no-referrer');
}

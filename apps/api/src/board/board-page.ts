import type { onSendAsyncHookHandler } from 'fastify';
import { LIBRARY_PAGE } from '../http/page-headers.js';

/** Fonts that the page would load from another server. */
const FOREIGN_LINK = /<link\b[^>]*href="https?:[^>]*>/g;

/** Restricts the board's page to this server. */
export const keepPageHere: onSendAsyncHookHandler = async (_request, reply, payload) => {
  reply.header('content-security-policy', LIBRARY_PAGE);
  if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
  const page = payload.replace(FOREIGN_LINK, '');
  reply.header('content-length', Buffer.byteLength(page));
  return page;
};

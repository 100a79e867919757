import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const PAGES = fileURLToPath(new URL('../../../console/public/', import.meta.url));

/** Everything the console needs comes from here, and nothing else may run in it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The console's static files: open to all, since a key is asked for by the page itself. */
export function serveConsole(server: FastifyInstance): void {
  server.register(fastifyStatic, { root: `${PAGES}assets`, prefix: '/assets/', index: false, cacheControl: false });
  server.get('/', (_request, reply) =>
    reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')
      .sendFile('index.html', PAGES),
  );
}

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const PUBLIC_FOLDER = fileURLToPath(new URL('../../../console/public/', import.meta.url));
const PAGE = 'index.html';

/**
 * The console loads nothing from elsewhere and runs only its own scripts. Its components set inline styles, which show
 * nothing that could not be shown otherwise as long as no HTML is inserted.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CACHE = {
  /** The page names the assets: an upgrade must show at once. */
  page: 'no-cache',
  /** A name that ends in the hash of the content never gets other content. */
  hashed: 'public, max-age=31536000, immutable',
  /** Revalidated by its ETag a minute later. */
  other: 'public, max-age=60',
};

/**
 * The console's static files, open to everyone: the page itself asks for the key. The assets may lie in folders of any
 * depth.
 */
export function serveConsole(server: FastifyInstance, publicFolder = PUBLIC_FOLDER): void {
  server.register(fastifyStatic, {
    root: `${publicFolder}assets`,
    prefix: '/assets/',
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', cacheControl(basename(path)));
    },
  });
  server.get('/', (_request, reply) =>
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY).sendFile(PAGE, publicFolder),
  );
}

function cacheControl(name: string): string {
  if (name === PAGE) return CACHE.page;
  return hasContentHash(name) ? CACHE.hashed : CACHE.other;
}

/**
 * Whether a name ends in a hash as bundlers write it: `app-3f2a1b9c.js`, or eight characters of base64url as in
 * `app-BxK3_f9a.js`. Those need a capital letter, so that words such as `endpoint-settings.js` are not taken for a hash.
 */
export function hasContentHash(name: string): boolean {
  return /[-.][0-9a-f]{8,64}\.\w+(\.map)?$/.test(name) || /[-.](?=[\w-]*[A-Z])[\w-]{8}\.\w+(\.map)?$/.test(name);
}

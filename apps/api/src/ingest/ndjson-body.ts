import type { FastifyInstance } from 'fastify';

export const NDJSON = 'application/x-ndjson';

/** Lets NDJSON bodies through as streams: they may be of any length, so nothing reads them ahead. */
export function acceptNdjson(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
}

import type { FastifyInstance } from 'fastify';
import type { Logger } from '#libs/telemetry';

/** Logs one line per request at debug, without bodies, queries and headers, which may have secrets. */
export function logRequests(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onResponse', async (request, reply) => {
    log.debug(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        key: request.principal?.keyName,
      },
      'request',
    );
  });
}

import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Refuses compressed bodies, which would be parsed as invalid JSON, or as NDJSON with invalid lines. */
export function refuseEncodings(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', async (request) => {
    if (request.is404 || request.method === 'GET' || request.method === 'HEAD') return;
    const encoding = request.headers['content-encoding']?.trim();
    if (!encoding || /^identity$/i.test(encoding)) return;
    const named = JSON.stringify(encoding.slice(0, 40));
    throw new Problem(415, `the content encoding ${named} is not supported: send the body as it is`, {
      headers: { 'accept-encoding': 'identity' },
    });
  });
}

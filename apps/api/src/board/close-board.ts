import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';

/**
 * Lets platform administrators through and nobody else. Browsers add Basic credentials to whatever any page asks them
 * to send, so nothing is changed for another site's page.
 */
export const closeBoard: onRequestAsyncHookHandler = async (request, reply) => {
  if (request.principal?.role !== 'platform-admin') {
    return sendProblem(reply, new Problem(403, 'the queue board is for platform administrators only'));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD' && isFromElsewhere(request)) {
    return sendProblem(reply, new Problem(403, 'the page of another site may not change queues'));
  }
};

/** Programs send neither header; every browser sends one of them with what may change something. */
function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

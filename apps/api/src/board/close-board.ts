import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';

/**
 * Restricts the board to platform administrators. Browsers add Basic credentials to any request, also from pages of other
 * sites, so changes requested by another site's page are refused.
 */
export const closeBoard: onRequestAsyncHookHandler = async (request, reply) => {
  if (request.principal?.role !== 'platform-admin') {
    return sendProblem(reply, new Problem(403, 'the queue board is for platform administrators only'));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD' && isFromElsewhere(request)) {
    return sendProblem(reply, new Problem(403, 'the page of another site may not change queues'));
  }
};

/** Programs send neither header; every browser sends one of them with requests that change data. */
function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

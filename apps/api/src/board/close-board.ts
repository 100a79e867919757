import type { onRequestAsyncHookHandler } from 'fastify';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';

/** Restricts the board to platform administrators. */
export const closeBoard: onRequestAsyncHookHandler = async (request, reply) => {
  if (request.principal?.role === 'platform-admin') return;
  return sendProblem(reply, new Problem(403, 'the queue board is for platform administrators only'));
};

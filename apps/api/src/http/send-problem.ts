import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.js';

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (reply.sent || reply.raw.headersSent) return reply;
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json; charset=utf-8')
    .serializer((text: string) => text)
    .send(JSON.stringify(problem.toDocument()));
}

import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.js';
import { answerBeforeBody, isBodyUnread } from './unread-body.js';

/** Sends a problem document. The connection ends after a 401, and after an answer that precedes the end of the body. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (reply.sent || reply.raw.headersSent) return reply;
  const { raw } = reply.request;
  const isUnread = isBodyUnread(raw);
  if (isUnread || problem.status === 401) reply.header('connection', 'close');
  const text = JSON.stringify(problem.toDocument());
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .header('content-length', Buffer.byteLength(text))
    .type('application/problem+json; charset=utf-8')
    .serializer((sent: string) => sent)
    .send(isUnread ? answerBeforeBody(text, raw) : text);
}

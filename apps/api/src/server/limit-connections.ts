import type { FastifyInstance } from 'fastify';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';
import { isBodyUnread } from '../http/unread-body.js';
import type { ClientConnections } from './client-connections.js';

/** Reports requests with a valid key, and answers, to the connections. To be added after the hook that authenticates. */
export function limitConnections(server: FastifyInstance, connections: ClientConnections): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!request.principal || connections.showKey(request.raw.socket)) return undefined;
    reply.header('connection', 'close');
    const detail = 'this process has as many connections with a key as it can serve: reuse connections, or retry later';
    return sendProblem(reply, new Problem(503, detail, { headers: { 'retry-after': '1' } }));
  });
  server.addHook('onSend', async (request, reply) => {
    // Otherwise the rest of the body would keep the connection after its answer.
    if (isBodyUnread(request.raw)) reply.header('connection', 'close');
    connections.expectReading(request.raw.socket);
  });
}

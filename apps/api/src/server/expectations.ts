import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Requests whose client waits for `100 Continue` before it sends the body. Node would answer that at once; here it is
 * answered after authentication, so that a client without a key sends no body.
 */
export class Expectations {
  private readonly waiting = new WeakSet<IncomingMessage>();

  note(request: IncomingMessage): void {
    this.waiting.add(request);
  }

  /** To be added after the hooks that can refuse a request. */
  answerBeforeBodies(server: FastifyInstance): void {
    server.addHook('preParsing', async ({ raw }, reply) => {
      if (this.waiting.delete(raw)) reply.raw.writeContinue();
    });
  }
}

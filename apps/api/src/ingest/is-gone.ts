import type { FastifyRequest } from 'fastify';

/** Whether the client of a request has closed its connection. */
export const isGone =
  ({ raw }: FastifyRequest) =>
  (): boolean =>
    raw.socket?.destroyed === true;

import { type FastifyInstance, fastify } from 'fastify';
import { createProxyTrust, type WrongKeys } from '#libs/access';
import type { Logger } from '#libs/telemetry';
import { authenticate, type KeyVerifier } from '../access/authenticate.js';
import { AllowedMethods } from '../http/allowed-methods.js';
import { BODY_BYTES_MAX } from '../http/body-limit.js';
import { addBodyParsers } from '../http/body-parsers.js';
import type { EventRoutes } from '../http/event-routes.js';
import { Problem } from '../http/problem.js';
import { refuseEncodings } from '../http/refuse-encodings.js';
import { logRequests } from '../http/request-log.js';
import { sendProblem } from '../http/send-problem.js';

/** Longest path parameter: a policy key of 256 characters of up to four bytes, percent-encoded. */
const PATH_PARAMETER_CHARS_MAX = 256 * 4 * 3;
const HEADERS_WITHIN_MS = 20_000;
/** Time limit of an idle connection, in milliseconds; a stream of events may pause for as long. */
const IDLE_MS = 120_000;

export interface ServerParts {
  log: Logger;
  verifyKey: KeyVerifier;
  /** Whether /metrics requires a key. */
  metricsAuth: boolean;
  wrongKeys: WrongKeys;
  /** CIDR ranges of proxies whose word on the client's address counts. */
  trustedProxies: readonly string[];
  routes: EventRoutes;
}

/**
 * Creates the HTTP server with all that precedes the routes: authentication, body parsers, and the answers to requests that
 * reach no route. Its hooks are added before those of the framework, so that they run first.
 */
export function createServer({ log, verifyKey, metricsAuth, wrongKeys, trustedProxies, routes }: ServerParts): {
  server: FastifyInstance;
  methods: AllowedMethods;
} {
  const methods = new AllowedMethods();
  const server = fastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 && createProxyTrust(trustedProxies),
    bodyLimit: BODY_BYTES_MAX,
    // A stream of events has no time limit; headers and pauses have one instead.
    requestTimeout: 0,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: HEADERS_WITHIN_MS },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => {
      const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
      const detail = tooLong ? 'the path is longer than is allowed' : 'the path is not validly percent-encoded';
      sendProblem(reply, new Problem(tooLong ? 414 : 400, detail));
    },
    clientErrorHandler: answerUnreadable,
  });
  server.addHook('onRoute', (route) => methods.add(route.url, [route.method].flat()));
  server.addHook('onRequest', authenticate(verifyKey, { metricsAuth, wrongKeys }));
  refuseEncodings(server);
  addBodyParsers(server, routes);
  logRequests(server, log);
  return { server, methods };
}

/** Answers a request that is not HTTP, if the socket is still open. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(new Problem(status, 'the request cannot be read as HTTP').toDocument());
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

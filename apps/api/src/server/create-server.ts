import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { Registry } from 'prom-client';
import { createProxyTrust, type WrongKeys } from '#libs/access';
import { countConnections, type Logger } from '#libs/telemetry';
import { authenticate } from '../access/authenticate.js';
import type { KeyVerifier } from '../access/key-verifier.js';
import { refuseBodyWithoutKey } from '../access/missing-key.js';
import { AllowedMethods } from '../http/allowed-methods.js';
import { BODY_BYTES_MAX } from '../http/body-limit.js';
import { addBodyParsers } from '../http/body-parsers.js';
import type { EventRoutes } from '../http/event-routes.js';
import { Problem } from '../http/problem.js';
import { refuseEncodings } from '../http/refuse-encodings.js';
import { logRequests } from '../http/request-log.js';
import { sendProblem } from '../http/send-problem.js';
import { ClientConnections } from './client-connections.js';
import { ConnectionRefusals } from './connection-refusals.js';
import { Expectations } from './expectations.js';
import { limitConnections } from './limit-connections.js';
import { type ServerLimits, serverLimits } from './server-limits.js';

/** Longest path parameter: a policy key of 256 characters of up to four bytes, percent-encoded. */
const PATH_PARAMETER_CHARS_MAX = 256 * 4 * 3;
const KEEP_ALIVE_MS = 65_000;

export interface ServerParts {
  log: Logger;
  verifyKey: KeyVerifier;
  /** Whether /metrics requires a key. */
  metricsAuth: boolean;
  wrongKeys: WrongKeys;
  /** CIDR ranges of proxies whose word on the client's address counts. */
  trustedProxies: readonly string[];
  routes: EventRoutes;
  metrics: Registry;
  limits?: ServerLimits;
}

/**
 * Creates the HTTP server with all that precedes the routes: authentication, body parsers, and the answers to requests that
 * reach no route. Its hooks are added before those of the framework, so that they run first.
 */
export function createServer(parts: ServerParts): { server: FastifyInstance; methods: AllowedMethods } {
  const { log, metrics, routes, limits = serverLimits(), verifyKey, metricsAuth, wrongKeys, trustedProxies } = parts;
  const methods = new AllowedMethods();
  const refusals = new ConnectionRefusals(
    log,
    countConnections(metrics, () => connections.counts()),
  );
  const connections = new ClientConnections(limits, (reason) => refusals.count(reason));
  const expectations = new Expectations();
  const server = fastify({
    logger: false,
    trustProxy: trustedProxies.length > 0 && createProxyTrust(trustedProxies),
    bodyLimit: BODY_BYTES_MAX,
    serverFactory: (listener) =>
      createListener(listener as RequestListener, { connections, expectations, limits, verifyKey }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => {
      const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
      const detail = tooLong ? 'the path is longer than is allowed' : 'the path is not validly percent-encoded';
      sendProblem(reply, new Problem(tooLong ? 414 : 400, detail));
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refusals.count('slow headers');
      answerUnreadable(error, socket);
    },
  });
  server.addHook('onRoute', (route) => methods.add(route.url, [route.method].flat()));
  server.addHook('onRequest', authenticate(verifyKey, { metricsAuth, wrongKeys }));
  limitConnections(server, connections);
  refuseEncodings(server);
  expectations.answerBeforeBodies(server);
  addBodyParsers(server, routes, { bodyMs: limits.bodyMs, onRefused: (reason) => refusals.count(reason) });
  logRequests(server, log);
  return { server, methods };
}

interface ListenerParts {
  verifyKey: KeyVerifier;
  connections: ClientConnections;
  expectations: Expectations;
  limits: ServerLimits;
}

/** The HTTP server of Node with the limits on connections. */
function createListener(
  listener: RequestListener,
  { connections, expectations, limits, verifyKey }: ListenerParts,
): Server {
  const admitted: RequestListener = (request, response) => {
    if (!connections.admit(request, response)) return;
    if (!connections.hasShownKey(request.socket) && refuseBodyWithoutKey(request, response, verifyKey)) return;
    listener(request, response);
  };
  const server = createHttpServer(
    {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
      // A stream of events has no time limit; headers, pauses and other bodies have one instead.
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    admitted,
  );
  server.setTimeout(limits.idleMs);
  server.on('connection', (socket: Socket) => connections.open(socket));
  server.on('checkContinue', (request, response) => {
    expectations.note(request);
    admitted(request, response);
  });
  server.on('timeout', (socket: Socket) => connections.timeOut(socket));
  return server;
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

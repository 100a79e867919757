import type { onRequestAsyncHookHandler } from 'fastify';
import type { KeyRefusal, WrongKeys } from '#libs/access';
import type { Principal } from '#libs/security';
import { EVERY_ANSWER } from '../http/page-headers.js';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';

export type KeyVerifier = (presented: string) => Principal | undefined;

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; undefined on the few routes without a key. */
    principal?: Principal;
  }
}

/** Open routes. Routes, not paths, since one route answers a path in any spelling. */
const OPEN_ROUTES = new Set(['/healthz', '/readyz', '/', '/assets/*']);
const METRICS_ROUTE = '/metrics';
/** Pages for browsers, which ask the user for the key. */
const BROWSER_ROUTE = /^\/(docs|queues)(\/|$)|^\/openapi\.json$/;

/**
 * Requires a key on all but the open routes. Unknown paths are refused too, so that a caller without a key cannot find out
 * which paths exist.
 */
export function authenticate(
  verifyKey: KeyVerifier,
  { metricsAuth, wrongKeys }: { metricsAuth: boolean; wrongKeys: WrongKeys },
): onRequestAsyncHookHandler {
  const isOpen = (route: string, method: string) =>
    (method === 'GET' || method === 'HEAD') && (OPEN_ROUTES.has(route) || (route === METRICS_ROUTE && !metricsAuth));

  return async (request, reply) => {
    reply.headers(EVERY_ANSWER);
    const route = request.is404 ? '' : (request.routeOptions.url ?? '');
    if (isOpen(route, request.method)) return;
    reply.header('cache-control', 'no-store');
    const isForBrowsers = BROWSER_ROUTE.test(route);
    const key = presentedKey(request.headers.authorization, isForBrowsers);
    const challenge = isForBrowsers ? 'Basic realm="Tocsin", charset="UTF-8"' : 'Bearer realm="Tocsin"';
    const headers = { 'www-authenticate': challenge };
    if (key === undefined) return sendProblem(reply, new Problem(401, KEY_MISSING, { headers }));
    const principal = verifyKey(key);
    const refusal = await wrongKeys.judge(request.ip, key, principal);
    if (refusal) return sendProblem(reply, refusedKey(refusal, headers));
    if (principal) request.principal = principal;
  };
}

const KEY_MISSING = 'an API key is required: Authorization: Bearer <api key>';

/** The answer to a refused key. It closes the connection, so that each guess costs one. */
function refusedKey(refusal: KeyRefusal, headers: Record<string, string>): Problem {
  const closing = { ...headers, connection: 'close' };
  if (refusal.status === 401) return new Problem(401, 'the API key is not valid', { headers: closing });
  const detail = 'too many wrong API keys were sent from this address; try again later, with a valid key';
  return new Problem(429, detail, { headers: { ...closing, 'retry-after': String(refusal.retryAfterSeconds) } });
}

function presentedKey(authorization: string | undefined, basicAllowed: boolean): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return credentials;
  if (!basicAllowed || !/^basic$/i.test(scheme)) return undefined;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}

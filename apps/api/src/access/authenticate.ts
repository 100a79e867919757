import type { onRequestAsyncHookHandler } from 'fastify';
import type { Principal } from '#libs/security';
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
  { metricsAuth }: { metricsAuth: boolean },
): onRequestAsyncHookHandler {
  const isOpen = (route: string, method: string) =>
    (method === 'GET' || method === 'HEAD') && (OPEN_ROUTES.has(route) || (route === METRICS_ROUTE && !metricsAuth));

  return async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    const route = request.is404 ? '' : (request.routeOptions.url ?? '');
    if (isOpen(route, request.method)) return;
    reply.header('cache-control', 'no-store');
    const isForBrowsers = BROWSER_ROUTE.test(route);
    const key = presentedKey(request.headers.authorization, isForBrowsers);
    const principal = key === undefined ? undefined : verifyKey(key);
    if (principal) {
      request.principal = principal;
      return;
    }
    const challenge = isForBrowsers ? 'Basic realm="Tocsin", charset="UTF-8"' : 'Bearer realm="Tocsin"';
    const detail =
      key === undefined ? 'an API key is required: Authorization: Bearer <api key>' : 'the API key is not valid';
    return sendProblem(reply, new Problem(401, detail, { headers: { 'www-authenticate': challenge } }));
  };
}

function presentedKey(authorization: string | undefined, basicAllowed: boolean): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return credentials;
  if (!basicAllowed || !/^basic$/i.test(scheme)) return undefined;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}

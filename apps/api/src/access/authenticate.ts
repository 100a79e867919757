import type { onRequestAsyncHookHandler } from 'fastify';
import type { KeyRefusal, WrongKeys } from '#libs/access';
import type { Principal } from '#libs/security';
import { EVERY_ANSWER } from '../http/page-headers.js';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';
import type { KeyVerifier } from './key-verifier.js';
import { challengeOf, KEY_MISSING } from './missing-key.js';
import { isFromOtherSite } from './other-sites.js';
import { presentedKey } from './presented-key.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The authenticated caller; undefined on the few routes without a key. */
    principal?: Principal;
  }
}

/** Open routes. Routes, not paths, since one route answers a path in any spelling. */
const OPEN_ROUTES = new Set(['/healthz', '/readyz', '/', '/assets/*']);
const METRICS_ROUTE = '/metrics';

/**
 * Requires a key on all but the open routes. Unknown paths are refused too, so that a caller without a key cannot find out
 * which paths exist. A browser adds a password to any request, also from pages of other sites, so changes that such a page
 * requests are refused.
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
    const headers = { 'www-authenticate': challengeOf(route, request.headers) };
    const presented = presentedKey(request.headers.authorization);
    if (!presented) return sendProblem(reply, new Problem(401, KEY_MISSING, { headers }));
    const principal = verifyKey(presented.key);
    const refusal = await wrongKeys.judge(request.ip, presented.key, principal);
    if (refusal) return sendProblem(reply, refusedKey(refusal, headers));
    if (presented.isPassword && !SAFE_METHODS.has(request.method) && isFromOtherSite(request)) {
      return sendProblem(reply, new Problem(403, 'the page of another site may not change anything here'));
    }
    if (principal) request.principal = principal;
  };
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The answer to a refused key. It closes the connection, so that each guess costs one. */
function refusedKey(refusal: KeyRefusal, headers: Record<string, string>): Problem {
  const closing = { ...headers, connection: 'close' };
  if (refusal.status === 401) return new Problem(401, 'the API key is not valid', { headers: closing });
  const detail = 'too many wrong API keys were sent from this address; try again later, with a valid key';
  return new Problem(429, detail, { headers: { ...closing, 'retry-after': String(refusal.retryAfterSeconds) } });
}

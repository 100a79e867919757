import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { EVERY_ANSWER } from '../http/page-headers.js';
import { Problem } from '../http/problem.js';
import { stopParser } from '../http/stop-parser.js';
import { dropRest, isBodyUnread } from '../http/unread-body.js';
import type { KeyVerifier } from './key-verifier.js';
import { presentedKey } from './presented-key.js';

/** Pages for browsers, which ask the user for the key. */
const BROWSER_ROUTE = /^\/(docs|queues)(\/|$)|^\/openapi\.json$/;
const BASIC = 'Basic realm="Tocsin", charset="UTF-8"';
const BEARER = 'Bearer realm="Tocsin"';

export const KEY_MISSING =
  'an API key is required: Authorization: Bearer <api key>, or HTTP Basic with the key as the password';

/**
 * The ways to present a key. A script of a page handles 401 itself: a browser that is offered Basic would ask the user
 * before the script sees the answer.
 */
export function challengeOf(route: string, headers: IncomingHttpHeaders): string {
  if (BROWSER_ROUTE.test(route)) return BASIC;
  return headers['sec-fetch-dest'] === 'empty' ? BEARER : `${BEARER}, ${BASIC}`;
}

const TEXT = JSON.stringify(new Problem(401, KEY_MISSING).toDocument());
const HEADERS = {
  ...EVERY_ANSWER,
  'cache-control': 'no-store',
  'content-type': 'application/problem+json; charset=utf-8',
  'content-length': Buffer.byteLength(TEXT),
  connection: 'close',
};

/**
 * Keeps the body of a request without a valid key from being parsed, which is most of what it costs: no route takes one.
 * If there is no key at all, the request is answered here, in a tenth of the time that the framework takes.
 *
 * @returns whether it was answered
 */
export function refuseBodyWithoutKey(request: IncomingMessage, response: ServerResponse, verify: KeyVerifier): boolean {
  const { headers, method = '', socket, url = '' } = request;
  if (!isBodyUnread(request)) return false;
  const presented = presentedKey(headers.authorization);
  if (presented && verify(presented.key)) return false;
  if (presented || method === 'GET' || method === 'HEAD') {
    response.shouldKeepAlive = false;
    stopParser(socket);
    return false;
  }
  response.writeHead(401, { ...HEADERS, 'www-authenticate': challengeOf(url, headers) }).write(TEXT);
  dropRest(socket, () => socket.destroy());
  return true;
}

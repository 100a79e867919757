import type { Outcome } from '#libs/contracts';
import type { HttpAnswer, HttpRequest } from '../http/http-request.js';
import { failureOutcome } from '../network/failure-outcome.js';
import { type IssuedToken, NotIssued } from '../tokens/access-token.js';
import { answerFields, textOf } from './answer-fields.js';
import { type Provider, providerOutcome } from './provider-outcome.js';

/** Time limit for one call of a provider's API, in milliseconds. */
export const CALL_MS = 10_000;
/** Time limit for a send whose token is requested, refused and requested again. */
export const CALLS_WITH_TOKEN_MS = 4 * CALL_MS;

const CALL = { timeoutMs: CALL_MS, awaitsBody: true } as const;

interface CallIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  now(): Date;
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tocsin' };

/** Posts JSON and returns the outcome that the provider's answer means. */
export async function postMessage(io: CallIo, url: string, body: string, provider: Provider): Promise<Outcome> {
  try {
    const answer = await io.http({ url, method: 'POST', headers: HEADERS, body, ...CALL });
    return providerOutcome(answer, provider, io.now());
  } catch (error) {
    return failureOutcome(error);
  }
}

/**
 * Requests the access token of an app, by a URL that contains its id and secret.
 * @throws {NotIssued} if the provider issues none
 */
export async function requestToken(io: CallIo, url: string, provider: Provider): Promise<IssuedToken> {
  const answer = await answerOf(io, url);
  const { access_token: value, expires_in: seconds } = answerFields(answer) ?? {};
  const outcome = providerOutcome(answer, provider, io.now());
  if (outcome.kind !== 'delivered') throw new NotIssued(notSent(outcome));
  if (typeof value === 'string' && value !== '' && typeof seconds === 'number' && seconds > 0) {
    return { value, lifetimeMs: seconds * 1_000 };
  }
  // The answer is left out, because it may contain a part of a token.
  const message = `${provider.name} answered ${textOf(outcome.code)} to the request for an access token, but issued none`;
  throw new NotIssued({ kind: 'unavailable', code: 'NO_TOKEN', message });
}

async function answerOf(io: CallIo, url: string): Promise<HttpAnswer> {
  try {
    const headers = { 'user-agent': HEADERS['user-agent'] };
    return await io.http({ url, method: 'GET', headers, body: '', withoutMessage: true, ...CALL });
  } catch (error) {
    throw new NotIssued(notSent(failureOutcome(error)));
  }
}

/** The message itself was not sent, even if the result of the token request is unknown. */
const notSent = (outcome: Outcome): Outcome =>
  outcome.kind === 'unknown' ? { ...outcome, kind: 'unavailable' } : outcome;

import type { Outcome } from '#libs/contracts';
import { failureOutcome, type HttpAnswer, type HttpRequest } from '../http/http-request.js';
import { type IssuedToken, NotIssued } from '../tokens/access-token.js';
import { answerFields, judgeByCode, type Provider, textOf } from './provider-codes.js';

/** How long a provider may take for one call. */
export const CALL_MS = 10_000;
/** The calls of a send whose token has to be asked for, is refused, and is asked for again. */
export const CALLS_WITH_TOKEN_MS = 4 * CALL_MS;

const CALL = { timeoutMs: CALL_MS, awaitsBody: true } as const;

interface CallIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  now(): Date;
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Tocsin' };

/** Posts JSON and judges the answer by the provider's word. */
export async function postMessage(io: CallIo, url: string, body: string, provider: Provider): Promise<Outcome> {
  try {
    const answer = await io.http({ url, method: 'POST', headers: HEADERS, body, ...CALL });
    return judgeByCode(answer, provider, io.now());
  } catch (error) {
    return failureOutcome(error);
  }
}

/**
 * Asks for the access token of an app, by a URL that names its id and secret.
 * @throws {NotIssued} whenever there is none to be had
 */
export async function askForToken(io: CallIo, url: string, provider: Provider): Promise<IssuedToken> {
  const answer = await answerOf(io, url);
  const { access_token: value, expires_in: seconds } = answerFields(answer) ?? {};
  const outcome = judgeByCode(answer, provider, io.now());
  if (outcome.kind !== 'delivered') throw new NotIssued(notSent(outcome));
  if (typeof value === 'string' && value !== '' && typeof seconds === 'number' && seconds > 0) {
    return { value, lifetimeMs: seconds * 1_000 };
  }
  // The answer is left out: a part of it may be a token all the same.
  const message = `${provider.name} answered ${textOf(outcome.code)} to the request for a token, and gave none`;
  throw new NotIssued({ kind: 'unavailable', code: 'NO_TOKEN', message });
}

async function answerOf(io: CallIo, url: string): Promise<HttpAnswer> {
  try {
    const headers = { 'user-agent': HEADERS['user-agent'] };
    return await io.http({ url, method: 'GET', headers, body: '', ...CALL });
  } catch (error) {
    throw new NotIssued(notSent(failureOutcome(error)));
  }
}

/** Whatever became of the request for a token, the message has not left. */
const notSent = (outcome: Outcome): Outcome =>
  outcome.kind === 'unknown' ? { ...outcome, kind: 'unavailable' } : outcome;

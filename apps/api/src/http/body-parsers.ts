import type { FastifyInstance } from 'fastify';
import { parse } from 'secure-json-parse';
import { decodeUtf8 } from '#libs/validation';
import { Problem } from './problem.js';

const EVENTS_ROUTE = '/api/v1/events';
const CLOUD_EVENTS_ROUTE = '/api/v1/ingest/cloudevents';
/** Where bodies hold events, of which a bad one must not take the others with it: they are checked one by one. */
const isEventRoute = (route: string) => /^\/api\/(v1\/events|v1\/ingest\/\w+|v2\/alerts)$/.test(route);

/** JSON for all, NDJSON as a stream where events come in, CloudEvents where they do; anything else is a 415. */
export function addBodyParsers(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    [
      'application/json',
      'application/merge-patch+json',
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
    ],
    { parseAs: 'buffer' },
    (request, body, done) => {
      const route = request.routeOptions.url ?? '';
      const type = request.headers['content-type'] ?? '';
      try {
        if (/^application\/cloudevents/i.test(type) && route !== CLOUD_EVENTS_ROUTE) throw notHere();
        const text = decodeUtf8(body);
        const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1];
        if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
          throw new Problem(415, `the charset ${charset.slice(0, 40)} is not supported, only utf-8 is`);
        }
        if (text === undefined) throw new Problem(400, 'the body is not UTF-8');
        done(null, parseJson(text, isEventRoute(route) ? 'ignore' : 'error'));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  fastify.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (request.routeOptions.url === EVENTS_ROUTE) done(null, payload);
    else done(notHere());
  });
}

const notHere = () => new Problem(415, 'the content type is not supported here: send application/json');

/** An empty body is no body: clients that always name a content type send one with DELETE. */
function parseJson(text: string, prototypes: 'error' | 'ignore'): unknown {
  if (text.trim() === '') return undefined;
  try {
    return parse(text, { protoAction: prototypes, constructorAction: prototypes });
  } catch (error) {
    const { message } = error as Error;
    if (/forbidden prototype/i.test(message)) {
      throw new Problem(
        400,
        'the body has a member named __proto__, or constructor with a prototype, which is never a field here',
      );
    }
    throw new Problem(400, `the body is not JSON: ${withoutExcerpt(message)}`);
  }
}

/** What the parser says, but for the text it quotes from the body, which may be a secret. */
function withoutExcerpt(message: string): string {
  if (/^Unexpected end/.test(message)) return 'it ends too early';
  // Messages that tell the place quote nothing.
  if (/at position \d+/.test(message)) return message;
  const token = /^Unexpected token '(.+?)',/su.exec(message)?.[1];
  return token === undefined ? 'it cannot be read' : `unexpected ${JSON.stringify(token)}`;
}

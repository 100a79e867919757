import type { FastifyInstance } from 'fastify';
import { parse } from 'secure-json-parse';
import { decodeUtf8 } from '#libs/validation';
import { type EventRoutes, unsupportedType } from './event-routes.js';
import { Problem } from './problem.js';

const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/** Parses JSON on all routes, and the content types of the routes of events on theirs; any other type is a 415. */
export function addBodyParsers(fastify: FastifyInstance, routes: EventRoutes): void {
  const all = [...routes.values()];
  const jsonTypes = new Set(all.flatMap((route) => route.jsonTypes));
  const streamTypes = new Set(all.flatMap((route) => route.streamTypes));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>([...JSON_TYPES, ...jsonTypes], { parseAs: 'buffer' }, (request, body, done) => {
    const route = routes.get(request.routeOptions.url ?? '');
    const type = request.headers['content-type'] ?? '';
    try {
      const mediaType = mediaTypeOf(type);
      if (jsonTypes.has(mediaType) && !route?.jsonTypes.includes(mediaType)) throw unsupportedType(route);
      done(null, parseJson(textOf(body, type), route ? 'ignore' : 'error'));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser([...streamTypes], (request, payload, done) => {
    const route = routes.get(request.routeOptions.url ?? '');
    if (route?.streamTypes.includes(mediaTypeOf(request.headers['content-type'] ?? ''))) done(null, payload);
    else done(unsupportedType(route));
  });
}

const mediaTypeOf = (type: string): string => (type.split(';', 1)[0] as string).trim().toLowerCase();

/** @throws Problem if the body is of another encoding than UTF-8 */
function textOf(body: Buffer, type: string): string {
  const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Problem(415, `the charset ${charset.slice(0, 40)} is not supported, only utf-8 is`);
  }
  const text = decodeUtf8(body);
  if (text === undefined) throw new Problem(400, 'the body is not UTF-8');
  return text;
}

/** An empty body counts as no body: some clients name a content type with every DELETE. */
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

/** The parser's message without the text that it quotes from the body, which may be a secret. */
function withoutExcerpt(message: string): string {
  if (/^Unexpected end/.test(message)) return 'it ends too early';
  // Messages with a position quote nothing.
  if (/at position \d+/.test(message)) return message;
  const token = /^Unexpected token '(.+?)',/su.exec(message)?.[1];
  return token === undefined ? 'it cannot be read' : `unexpected ${JSON.stringify(token)}`;
}

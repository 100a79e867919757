import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'secure-json-parse';
import { limitChunks } from './chunk-limit.js';
import { type EventRoutes, unsupportedType } from './event-routes.js';
import { JSON_LIMITS } from './json-limits.js';
import { parseLargeJson } from './parse-large-json.js';
import { Problem } from './problem.js';
import { type BodyLimits, readBody } from './read-body.js';

/** Longest body that counts as none because it is blank, in bytes. */
const BLANK_BYTES_MAX = 1_024;

const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/** Parses JSON on all routes, and the content types of the routes of events on theirs; any other type is a 415. */
export function addBodyParsers(fastify: FastifyInstance, routes: EventRoutes, limits: BodyLimits): void {
  const all = [...routes.values()];
  const jsonTypes = new Set(all.flatMap((route) => route.jsonTypes));
  const streamTypes = new Set(all.flatMap((route) => route.streamTypes));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser([...JSON_TYPES, ...jsonTypes], async (request: FastifyRequest, payload: Readable) => {
    const route = routes.get(request.routeOptions.url ?? '');
    const type = request.headers['content-type'] ?? '';
    const mediaType = mediaTypeOf(type);
    if (jsonTypes.has(mediaType) && !route?.jsonTypes.includes(mediaType)) throw unsupportedType(route);
    const body = await readBody(payload, declaredBytes(request), limits);
    return parseJson(utf8Of(body, type), route !== undefined);
  });
  fastify.addContentTypeParser([...streamTypes], async (request: FastifyRequest, payload: Readable) => {
    const route = routes.get(request.routeOptions.url ?? '');
    if (!route?.streamTypes.includes(mediaTypeOf(request.headers['content-type'] ?? ''))) throw unsupportedType(route);
    return limitChunks(payload, () => limits.onRefused('body in small chunks'));
  });
}

const declaredBytes = ({ headers }: FastifyRequest): number | undefined =>
  headers['content-length'] === undefined ? undefined : Number(headers['content-length']);

const mediaTypeOf = (type: string): string => (type.split(';', 1)[0] as string).trim().toLowerCase();

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** The body without a byte order mark. @throws Problem if it is of another encoding than UTF-8 */
function utf8Of(body: Buffer, type: string): Buffer {
  const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Problem(415, `the charset ${charset.slice(0, 40)} is not supported, only utf-8 is`);
  }
  if (!isUtf8(body)) throw new Problem(400, 'the body is not UTF-8');
  return body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    ? body.subarray(BYTE_ORDER_MARK.length)
    : body;
}

/** An empty body counts as no body: some clients name a content type with every DELETE. */
async function parseJson(body: Buffer, isOfEvents: boolean): Promise<unknown> {
  if (body.length < BLANK_BYTES_MAX && body.toString().trim() === '') return undefined;
  const prototypes = isOfEvents ? 'ignore' : 'error';
  const parsePart = (text: string) => parse(text, { protoAction: prototypes, constructorAction: prototypes });
  try {
    return await parseLargeJson(body, parsePart, { ...JSON_LIMITS, perElement: isOfEvents });
  } catch (error) {
    if (error instanceof Problem) throw error;
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

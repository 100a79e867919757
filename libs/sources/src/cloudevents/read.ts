import { createHash } from 'node:crypto';
import { z } from 'zod';
import { alertEventSchema } from '#libs/contracts';
import { checkPayload, found } from '../kit/check-payload.js';
import { time } from '../kit/foreign-alert.js';
import { ALERTS_MAX, type ReadAlert, type Reading, requireFew, type SourceRequest, UnknownPayload } from '../source.js';
import { attributesOfHeaders, hasBinaryAttributes, headerOf } from './headers.js';

const JSON_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const attribute = z.string().min(1);

/** The attributes of version 1.0 that are read; other attributes and extensions are ignored. */
const cloudEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: attribute,
    source: attribute,
    type: attribute,
    time,
    datacontenttype: z
      .string()
      .regex(JSON_TYPE, { error: 'must be a JSON type, such as application/json' })
      .nullish()
      .describe('a JSON type'),
    data: alertEventSchema.optional().describe('the event; its own `id` is ignored'),
    data_base64: z.base64({ error: 'must be base64' }).nullish().describe('the same as JSON in base64'),
  })
  .meta({ id: 'CloudEvent' });

/** The payload of each mode; the mode follows from the content type. */
export const modes = { structured: cloudEvent, batched: z.array(cloudEvent).max(ALERTS_MAX), binary: alertEventSchema };
/** One CloudEvent, a batch, or in binary mode the event itself. */
export const payload = z.union([modes.structured, modes.batched, modes.binary]);

/** The same with an unchecked event and time: they are checked later as fields of the event. */
const envelope = cloudEvent.extend({ time: z.string().nullish(), data: z.unknown().optional() });
type Envelope = z.output<typeof envelope>;

/** The content type of a batch begins with the content type of a single event. */
const BATCH = /^application\/cloudevents-batch\b/i;
const STRUCTURED = /^application\/cloudevents\b/i;

/**
 * Reads CloudEvents in structured, batched or binary mode, by the content type and the headers.
 *
 * @throws UnknownPayload
 */
export function readRequest({ body, headers }: SourceRequest): Reading {
  const type = [headers['content-type']].flat()[0] ?? '';
  if (BATCH.test(type)) return { alerts: readBatch(body), place: [], eventField: 'data' };
  return { alerts: [readSingle({ body, headers }, STRUCTURED.test(type))], place: undefined, eventField: 'data' };
}

function readBatch(body: unknown): Iterable<ReadAlert> {
  if (!Array.isArray(body))
    throw new UnknownPayload([{ path: '', message: `must be an array of CloudEvents, not ${found(body)}` }]);
  requireFew(body);
  return Iterator.from(body).map((value) => readCloudEvent(value));
}

function readSingle({ body, headers }: SourceRequest, isStructured: boolean): ReadAlert {
  if (isStructured) return readCloudEvent(body);
  if (!hasBinaryAttributes(headers))
    throw new UnknownPayload([
      { path: '', message: 'is no CloudEvent: send application/cloudevents+json, or the attributes as ce- headers' },
    ]);
  const read = attributesOfHeaders(headers);
  if (!read.ok) return read;
  const alert = readCloudEvent({ ...read.attributes, data: body });
  if (alert.ok) return alert;
  return { ok: false, errors: alert.errors.map(({ path, message }) => ({ path: headerOf(path) ?? path, message })) };
}

function readCloudEvent(value: unknown): ReadAlert {
  const checked = checkPayload(envelope, value);
  if (!checked.ok) return checked;
  const decoded = dataOf(checked.value);
  if (!decoded) return refuse('data_base64', 'does not hold JSON in UTF-8');
  const { data } = decoded;
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return refuse('data', `must be an event as an object, not ${found(data)}`);
  return { ok: true, event: withAttributes(data as Record<string, unknown>, checked.value) };
}

const refuse = (path: string, message: string): ReadAlert => ({ ok: false, errors: [{ path, message }] });

function dataOf({ data, data_base64 }: Envelope): { data: unknown } | undefined {
  if (typeof data_base64 !== 'string') return { data };
  try {
    return { data: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data_base64, 'base64'))) };
  } catch {
    return undefined;
  }
}

/** The id of the CloudEvent replaces the id of its data. Its time is the start of a firing event, or the end of a recovery. */
function withAttributes(data: Record<string, unknown>, { source, id, time }: Envelope): Record<string, unknown> {
  const event = { ...data, id: eventId(source, id) };
  if (!time) return event;
  const field = data.level === 'recovered' ? 'endsAt' : 'startsAt';
  return { ...event, [field]: data[field] ?? time };
}

const READABLE = /^[\x21-\x7e]+ [\x21-\x7e]+$/;
const ID_CHARS_MAX = 128;

/** An id that is unique for the source and id of the CloudEvent: both as one text if they fit, else a hash of both. */
function eventId(source: string, id: string): string {
  const readable = `${source} ${id}`;
  if (readable.length <= ID_CHARS_MAX && READABLE.test(readable)) return readable;
  return createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('hex');
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { describeIssue, fieldErrors, found } from '#libs/validation';
import { attributesOfHeaders, type HttpHeaders, headerOf } from './cloud-event-headers.js';
import { type Refused, requireFew, UnknownPayload } from './source-alert.js';

/** The event that a CloudEvent brings, to be checked like every posted event; paths of what is wrong then are its own. */
export type CarriedEvent = { ok: true; event: Record<string, unknown> } | Refused;

const JSON_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const attribute = z.string().min(1);

/** Attributes of version 1.0 that are read; others and extensions are passed over. */
const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: attribute,
  source: attribute,
  type: attribute,
  time: z.string().nullish(),
  datacontenttype: z.string().regex(JSON_TYPE, { error: 'must be a JSON type, such as application/json' }).nullish(),
  data: z.unknown().optional(),
  data_base64: z.base64({ error: 'must be base64' }).nullish(),
});
type CloudEvent = z.output<typeof cloudEvent>;

/** Reads one CloudEvent in structured mode, `application/cloudevents+json`. */
export function readCloudEvent(value: unknown): CarriedEvent {
  const parsed = cloudEvent.safeParse(value, { error: describeIssue });
  if (!parsed.success) return { ok: false, errors: fieldErrors(parsed.error.issues) };
  const decoded = dataOf(parsed.data);
  if (!decoded) return refuse('data_base64', 'does not hold JSON in UTF-8');
  const { data } = decoded;
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return refuse('data', `must be an event as an object, not ${found(data)}`);
  return { ok: true, event: withAttributes(data as Record<string, unknown>, parsed.data) };
}

/** Reads a batch, `application/cloudevents-batch+json`. @throws UnknownPayload */
export function readCloudEvents(body: unknown): CarriedEvent[] {
  if (!Array.isArray(body))
    throw new UnknownPayload([{ path: '', message: `must be an array of CloudEvents, not ${found(body)}` }]);
  requireFew(body);
  return body.map(readCloudEvent);
}

/** Reads a CloudEvent in binary mode, whose attributes are headers `ce-…` and whose body is the data. */
export function readBinaryCloudEvent(headers: HttpHeaders, data: unknown): CarriedEvent {
  const read = attributesOfHeaders(headers);
  if (!read.ok) return read;
  const carried = readCloudEvent({ ...read.attributes, data });
  if (carried.ok) return carried;
  return { ok: false, errors: carried.errors.map(({ path, message }) => ({ path: headerOf(path) ?? path, message })) };
}

const refuse = (path: string, message: string): Refused => ({ ok: false, errors: [{ path, message }] });

function dataOf({ data, data_base64 }: CloudEvent): { data: unknown } | undefined {
  if (typeof data_base64 !== 'string') return { data };
  try {
    return { data: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data_base64, 'base64'))) };
  } catch {
    return undefined;
  }
}

/** The envelope's identity counts, not the letter's. When it happened is when the alert began, or ended. */
function withAttributes(data: Record<string, unknown>, { source, id, time }: CloudEvent): Record<string, unknown> {
  const event = { ...data, id: eventId(source, id) };
  if (!time) return event;
  const field = data.level === 'recovered' ? 'endsAt' : 'startsAt';
  return { ...event, [field]: data[field] ?? time };
}

const READABLE = /^[\x21-\x7e]+ [\x21-\x7e]+$/;
const ID_CHARS_MAX = 128;

/** The same for the same source and id, and for no others: both in one text where they fit in, else a hash of both. */
function eventId(source: string, id: string): string {
  const readable = `${source} ${id}`;
  if (readable.length <= ID_CHARS_MAX && READABLE.test(readable)) return readable;
  return createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('hex');
}

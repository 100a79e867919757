import { randomUUID } from 'node:crypto';
import type { IncomingEvent } from '#libs/admission';
import { type AlertEvent, alertEventSchema, EVENT_BYTES_MAX } from '#libs/contracts';
import { describeIssue, type FieldError, fieldErrors, prototypeFields } from '#libs/validation';

/** An event that can be taken in, or the errors that keep it out. */
export type ParsedEvent =
  | { ok: true; incoming: IncomingEvent }
  | { ok: false; tooLarge: boolean; id?: string | undefined; errors: FieldError[] };

/** Checks one event and brings it into its stored form: without nulls, with an id. */
export function parseEvent(value: unknown): ParsedEvent {
  const forbidden = prototypeFields(value);
  if (forbidden.length > 0) return { ok: false, tooLarge: false, id: ownId(value), errors: forbidden };
  // The error does not name the size: a value that is nested very deep cannot be written as JSON again.
  if (hasTooManyNames(value)) return { ok: false, tooLarge: true, id: ownId(value), errors: [tooLarge()] };
  const parsed = alertEventSchema.safeParse(value, { error: describeIssue });
  if (!parsed.success)
    return { ok: false, tooLarge: false, id: ownId(value), errors: fieldErrors(parsed.error.issues) };
  const { id, ...fields } = parsed.data;
  const event: Record<string, unknown> = { id: id ?? randomUUID() };
  for (const [name, field] of Object.entries(fields)) if (field !== null && field !== undefined) event[name] = field;
  const json = JSON.stringify(event);
  const bytes = Buffer.byteLength(json);
  if (bytes > EVENT_BYTES_MAX) return { ok: false, tooLarge: true, id: id ?? undefined, errors: [tooLarge(bytes)] };
  return { ok: true, incoming: { event: event as unknown as AlertEvent, json, ownId: typeof id === 'string' } };
}

/** More names than fit into an event, however short they are. Checking each would block the process for seconds. */
function hasTooManyNames(value: unknown): boolean {
  const { labels, annotations } = (value ?? {}) as { labels?: unknown; annotations?: unknown };
  const shortest = '"":"",'.length;
  return [labels, annotations].some(
    (names) => typeof names === 'object' && names !== null && Object.keys(names).length > EVENT_BYTES_MAX / shortest,
  );
}

export const tooLarge = (bytes?: number): FieldError => ({
  path: '',
  message: `is ${bytes ?? 'too many'} bytes as JSON, at most ${EVENT_BYTES_MAX} are allowed`,
});

/** The id that identifies a rejected event in the report; undefined if it has no valid one. */
function ownId(value: unknown): string | undefined {
  const { id } = (value ?? {}) as { id?: unknown };
  return typeof id === 'string' && id.length <= 128 ? id : undefined;
}

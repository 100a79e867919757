import { EVENTS_MAX } from '#libs/contracts';
import { NoEvents } from './intake-errors.js';
import { type ParsedEvent, parseEvent } from './parse-event.js';

/** The events of a JSON value: one, or an array of them. @throws NoEvents */
export function eventsOfJson(body: unknown): ParsedEvent[] {
  if (!Array.isArray(body)) return [parseEvent(body)];
  if (body.length === 0 || body.length > EVENTS_MAX) {
    throw new NoEvents([{ path: '', message: `has ${body.length} events, 1 to ${EVENTS_MAX} are allowed` }]);
  }
  return body.map(parseEvent);
}

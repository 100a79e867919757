import { EVENTS_MAX } from '#libs/contracts';
import { inTurns } from './in-turns.js';
import { NoEvents } from './intake-errors.js';
import { type ParsedEvent, parseEvent } from './parse-event.js';

/** The events of a JSON value: one, or an array of them. Other requests run in between. @throws NoEvents */
export function eventsOfJson(body: unknown): Iterable<ParsedEvent> | AsyncIterable<ParsedEvent> {
  if (!Array.isArray(body)) return [parseEvent(body)];
  const values: unknown[] = body;
  if (values.length === 0 || values.length > EVENTS_MAX) {
    throw new NoEvents([{ path: '', message: `has ${values.length} events, 1 to ${EVENTS_MAX} are allowed` }]);
  }
  return inTurns(Iterator.from(values).map((value) => parseEvent(value)));
}

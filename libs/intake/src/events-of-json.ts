import { setImmediate as nextTurn } from 'node:timers/promises';
import { EVENTS_MAX } from '#libs/contracts';
import { NoEvents } from './intake-errors.js';
import { type ParsedEvent, parseEvent } from './parse-event.js';

/** Time of checking after which other requests have their turn, in milliseconds. */
const TURN_MS = 8;

/** The events of a JSON value: one, or an array of them. Other requests run in between. @throws NoEvents */
export async function* eventsOfJson(body: unknown): AsyncGenerator<ParsedEvent> {
  const values = Array.isArray(body) ? body : [body];
  if (values.length === 0 || values.length > EVENTS_MAX) {
    throw new NoEvents([{ path: '', message: `has ${values.length} events, 1 to ${EVENTS_MAX} are allowed` }]);
  }
  let startedAt = performance.now();
  for (const value of values) {
    yield parseEvent(value);
    if (performance.now() - startedAt < TURN_MS) continue;
    await nextTurn();
    startedAt = performance.now();
  }
}

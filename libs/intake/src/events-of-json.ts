import { EVENTS_MAX } from '#libs/contracts';
import type { FieldError } from '#libs/validation';
import { type ParsedEvent, parseEvent } from './parse-event.js';

/** The body as a whole is no batch of events. */
export class NoBatch extends Error {
  constructor(readonly errors: FieldError[]) {
    super('the body holds no events');
    this.name = 'NoBatch';
  }
}

/** The events of a JSON body: one, or an array of them. @throws NoBatch */
export function bodyEvents(body: unknown): ParsedEvent[] {
  if (!Array.isArray(body)) return [parseEvent(body)];
  if (body.length === 0 || body.length > EVENTS_MAX) {
    throw new NoBatch([{ path: '', message: `has ${body.length} events, 1 to ${EVENTS_MAX} are allowed` }]);
  }
  return body.map(parseEvent);
}

import { Problem } from './problem.js';

/** A route whose bodies hold events. Events are checked one by one, so that a bad one does not affect the others. */
export interface EventRoute {
  path: string;
  /** Content types that are parsed as JSON besides `application/json`. */
  jsonTypes: readonly string[];
  /** Content types whose body the handler reads as a stream. */
  streamTypes: readonly string[];
}

export type EventRoutes = ReadonlyMap<string, EventRoute>;

export const eventRoutes = (routes: readonly EventRoute[]): EventRoutes =>
  new Map(routes.map((route) => [route.path, route]));

/** The problem of a content type that a route does not take. */
export function unsupportedType(route: EventRoute | undefined, cause?: unknown): Problem {
  const types = ['application/json', ...(route?.jsonTypes ?? []), ...(route?.streamTypes ?? [])];
  const last = types.pop();
  const list = types.length > 0 ? `${types.join(', ')} or ${last}` : last;
  return new Problem(415, `the content type is not supported here: send ${list}`, { cause });
}

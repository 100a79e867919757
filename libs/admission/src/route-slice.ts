import type { IncomingEvent } from './admission-types.js';
import type { Router, Routing } from './router.js';
import { SLICE_UNITS } from './slices.js';

/** Matching work that takes as long as compiling one step of a program. */
const STEP_UNITS = 25;

/**
 * Routes the first events, as many as fit into a slice of matching work: none if compiling used it up.
 * @returns their routes in their order, and the units spent
 */
export function routeSlice(
  router: Router,
  events: readonly IncomingEvent[],
  team: string | null,
): { routings: Routing[]; units: number } {
  const routings: Routing[] = [];
  let units = 0;
  for (const steps of router.prepare(team)) {
    units += STEP_UNITS * steps;
    if (units >= SLICE_UNITS) return { routings, units };
  }
  for (const { event } of events) {
    const routing = router.route(event, team);
    routings.push(routing);
    units += routing.units;
    if (units >= SLICE_UNITS) break;
  }
  return { routings, units };
}

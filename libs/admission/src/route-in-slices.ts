import type { IncomingEvent } from './admission-types.js';
import type { Route, Router } from './router.js';
import type { Slices } from './slices.js';

/** Matching work that takes as long as compiling one step of a program. */
const STEP_UNITS = 25;

/** Routes events, and lets other requests run in between if expressions take long. */
export async function routeInSlices(
  router: Router,
  events: readonly IncomingEvent[],
  team: string | null,
  slices: Slices,
): Promise<Map<IncomingEvent, Route[]>> {
  for (const steps of router.prepare(team)) {
    slices.spend(STEP_UNITS * steps);
    await slices.wait();
  }
  const routes = new Map<IncomingEvent, Route[]>();
  for (const incoming of events) {
    const wait = slices.wait();
    // An await for each event would cost a storm of cheap ones more than their routing.
    if (wait) await wait;
    const before = router.unitsSpent();
    routes.set(incoming, router.route(incoming.event, team));
    slices.spend(router.unitsSpent() - before);
  }
  return routes;
}

import { createHashHistory, createRouter } from '@tanstack/react-router';
import { deliveriesRoute } from '../pages/deliveries/route.js';
import { endpointRoute, endpointsRoute, newEndpointRoute } from '../pages/endpoints/route.js';
import { overviewRoute } from '../pages/overview/route.js';
import { policiesRoute } from '../pages/policies/route.js';
import { rootRoute } from '../pages/root-route.js';
import { Shell } from './Shell.js';

/** Pages are in the fragment of the address: the API serves one page, below any path prefix. */
export const router = createRouter({
  routeTree: rootRoute
    .update({ component: Shell })
    .addChildren([overviewRoute, endpointsRoute, newEndpointRoute, endpointRoute, policiesRoute, deliveriesRoute]),
  history: createHashHistory(),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root-route.js';

export const endpointsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/endpoints',
  component: lazyRouteComponent(() => import('./EndpointsPage.js')),
});

export const newEndpointRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/endpoints/new',
  validateSearch: ({ channel }: Record<string, unknown>): { channel?: string } =>
    typeof channel === 'string' ? { channel } : {},
  component: lazyRouteComponent(() => import('./NewEndpointPage.js')),
});

export const endpointRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/endpoints/$id',
  component: lazyRouteComponent(() => import('./EndpointPage.js')),
});

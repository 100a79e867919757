import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root-route.js';

export const policiesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/policies',
  /** `endpoint`: only policies that push to it. */
  validateSearch: ({ endpoint }: Record<string, unknown>): { endpoint?: string } =>
    typeof endpoint === 'string' ? { endpoint } : {},
  component: lazyRouteComponent(() => import('./PoliciesPage.js')),
});

import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../root-route.js';
import { filtersOf } from './filters.js';

export const deliveriesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/deliveries',
  validateSearch: filtersOf,
  component: lazyRouteComponent(() => import('./DeliveriesPage.js')),
});

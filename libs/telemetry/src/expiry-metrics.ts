import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

export interface LeaseCounts {
  leases: number;
  /** Whether its leases are held, because it does not speak. */
  silent: boolean;
}

/** Exposes what sources report through leases, for the whole installation */
export function exposeLeases(registry: Registry, count: () => Promise<readonly LeaseCounts[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_leases',
    help: 'Alerts that fire until a time unless they are repeated',
    type: 'gauge',
    read: async () => [{ value: (await count()).reduce((sum, { leases }) => sum + leases, 0) }],
  });
  exposeScraped(registry, {
    name: 'tocsin_silent_sources',
    help: 'API keys that do not repeat most of their alerts any more; these are held',
    type: 'gauge',
    read: async () => [{ value: (await count()).filter(({ silent }) => silent).length }],
  });
}

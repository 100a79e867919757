import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

/** Alerts of one source that expire unless they are repeated. */
export interface LeaseCounts {
  leases: number;
  /** The source is out; the expiry of its alerts is held. */
  silent: boolean;
}

/** Exposes the alerts with an expiry and the outages of sources, of the whole installation. */
export function exposeLeases(registry: Registry, count: () => Promise<readonly LeaseCounts[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_leases',
    help: 'Firing alerts that expire unless their source repeats them',
    type: 'gauge',
    read: async () => [{ value: (await count()).reduce((sum, { leases }) => sum + leases, 0) }],
  });
  exposeScraped(registry, {
    name: 'tocsin_silent_sources',
    help: 'API keys that have stopped repeating most of their alerts; the expiry of these alerts is held',
    type: 'gauge',
    read: async () => [{ value: (await count()).filter(({ silent }) => silent).length }],
  });
}

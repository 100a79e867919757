import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

export interface ReporterCounts {
  /** Firing alerts with an expiry. */
  alerts: number;
  /** Whether it has stopped reporting, so that its alerts are held. */
  isOut: boolean;
}

/** Exposes the alerts with an expiry and the outages of sources, of the whole installation. */
export function exposeExpiry(registry: Registry, count: () => Promise<readonly ReporterCounts[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_leases',
    help: 'Alerts that fire until a time unless they are repeated',
    type: 'gauge',
    read: async () => [{ value: (await count()).reduce((sum, { alerts }) => sum + alerts, 0) }],
  });
  exposeScraped(registry, {
    name: 'tocsin_silent_sources',
    help: 'API keys that have stopped repeating most of their alerts; these are held',
    type: 'gauge',
    read: async () => [{ value: (await count()).filter(({ isOut }) => isOut).length }],
  });
}

import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

/** Alerts of one source that expire unless they are repeated. */
export interface ReporterCounts {
  alerts: number;
  /** The source is out; the expiry of its alerts is held. */
  isOut: boolean;
}

/** Exposes the alerts with an expiry and the outages of sources, of the whole installation. */
export function exposeExpiry(registry: Registry, count: () => Promise<readonly ReporterCounts[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_leases',
    help: 'Firing alerts that expire unless their source repeats them',
    type: 'gauge',
    read: async () => [{ value: (await count()).reduce((sum, { alerts }) => sum + alerts, 0) }],
  });
  exposeScraped(registry, {
    name: 'tocsin_silent_sources',
    help: 'API keys that have stopped repeating most of their alerts; the expiry of these alerts is held',
    type: 'gauge',
    read: async () => [{ value: (await count()).filter(({ isOut }) => isOut).length }],
  });
}

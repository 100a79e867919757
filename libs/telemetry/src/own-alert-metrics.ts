import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

/** Exposes how many alerts about Tocsin itself fire, for the whole installation. @param kinds one entry an alert */
export function exposeOwnAlerts(registry: Registry, kinds: () => Promise<readonly string[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_own_alerts',
    help: 'Alerts about Tocsin itself that fire, by what they are about',
    type: 'gauge',
    read: async () =>
      [...Map.groupBy(await kinds(), (kind) => kind)].map(([kind, some]) => ({
        labels: { kind },
        value: some.length,
      })),
  });
}

import type { Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

/** Exposes the number of firing alerts about Tocsin itself. @param kinds one entry for each alert */
export function exposeOwnAlerts(registry: Registry, kinds: () => Promise<readonly string[]>): void {
  exposeScraped(registry, {
    name: 'tocsin_own_alerts',
    help: 'Firing alerts about Tocsin itself, by kind',
    type: 'gauge',
    read: async () =>
      [...Map.groupBy(await kinds(), (kind) => kind)].map(([kind, some]) => ({
        labels: { kind },
        value: some.length,
      })),
  });
}

import { Counter, type Registry } from 'prom-client';
import { exposeScraped } from './scraped-metric.js';

/** Open connections of clients to this process. */
export interface ConnectionCounts {
  withKey: number;
  withoutKey: number;
}

/** Exposes the open connections, and returns the counter of those that this process closed to protect itself. */
export function countConnections(registry: Registry, read: () => ConnectionCounts): (reason: string) => void {
  if (!registry.getSingleMetric('tocsin_connections')) {
    exposeScraped(registry, {
      name: 'tocsin_connections',
      help: 'Open connections to this process, by whether they have shown a valid key',
      type: 'gauge',
      read: async () => {
        const { withKey, withoutKey } = read();
        return [
          { labels: { key: 'valid' }, value: withKey },
          { labels: { key: 'none' }, value: withoutKey },
        ];
      },
    });
  }
  const name = 'tocsin_connections_refused_total';
  const refused =
    (registry.getSingleMetric(name) as Counter<'reason'> | undefined) ??
    new Counter({
      name,
      help: 'Connections that this process closed over a limit, by reason',
      labelNames: ['reason'],
      registers: [registry],
    });
  return (reason) => refused.inc({ reason });
}

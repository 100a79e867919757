import type { Metric, Registry } from 'prom-client';

export interface Sample {
  value: number;
  labels?: Record<string, string>;
  /** For the parts of a histogram: name with `_bucket`, `_sum` or `_count`. */
  metricName?: string;
}

export interface ScrapedMetric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram';
  /** Reads the values at each scrape; if it fails, the metric is missing rather than wrong. */
  read(): Promise<Sample[]>;
}

/** Exposes a metric whose values are stored elsewhere; prom-client formats the values read at each scrape. */
export function exposeScraped(registry: Registry, { read, ...metric }: ScrapedMetric): void {
  const scraped = {
    ...metric,
    aggregator: 'sum',
    get: async () => ({ ...metric, values: await read().catch(() => []) }),
  };
  // The registry uses only name and get, which its types do not express.
  registry.registerMetric(scraped as unknown as Metric);
}

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
  /** Asked at each scrape; when it fails the metric is missing rather than wrong. */
  read(): Promise<Sample[]>;
}

/** A metric whose numbers are kept elsewhere: prom-client only writes down what is read at the time of a scrape. */
export function exposeScraped(registry: Registry, { read, ...metric }: ScrapedMetric): void {
  const scraped = {
    ...metric,
    aggregator: 'sum',
    get: async () => ({ ...metric, values: await read().catch(() => []) }),
  };
  // The registry calls name and get and nothing else, which its types do not say.
  registry.registerMetric(scraped as unknown as Metric);
}

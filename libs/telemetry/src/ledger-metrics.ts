import type { Registry } from 'prom-client';
import { exposeScraped, type Sample } from './scraped-metric.js';

/** Numbers kept in Redis for the whole installation. */
export interface LedgerSource {
  /** Counters by name: admitted, delivered, dead, cancelled, pending, suppressed:<reason>, latency:<bound>. */
  ledger(): Promise<ReadonlyMap<string, number>>;
  audit(): Promise<{ imbalance: number; at: number } | undefined>;
  /** Share of Redis' memory limit in use. */
  fullness(): number;
}

const STATES = ['admitted', 'delivered', 'dead', 'cancelled'] as const;
/** As the settle script counts them, in milliseconds. */
const LATENCY_BOUNDS_MS = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
];
const LATENCY = 'tocsin_delivery_latency_seconds';

/**
 * Exposes the ledger. The numbers are the installation's, not the process': every API process shows the same, and they
 * outlive all of them.
 */
export function exposeLedger(registry: Registry, source: LedgerSource): void {
  let reading: Promise<ReadonlyMap<string, number>> | undefined;
  /** One read for all metrics of a scrape. */
  const ledger = (): Promise<ReadonlyMap<string, number>> => {
    reading ??= source.ledger().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const audited = async (pick: (audit: { imbalance: number; at: number }) => number): Promise<Sample[]> => {
    const audit = await source.audit();
    return audit ? [{ value: pick(audit) }] : [];
  };

  exposeScraped(registry, {
    name: 'tocsin_deliveries_total',
    help: 'Deliveries by what became of them; admitted = delivered + dead + cancelled + pending',
    type: 'counter',
    read: async () => {
      const numbers = await ledger();
      return STATES.map((state) => ({ labels: { state }, value: numbers.get(state) ?? 0 }));
    },
  });
  exposeScraped(registry, {
    name: 'tocsin_deliveries_pending',
    help: 'Deliveries that wait, are being sent or will be tried again',
    type: 'gauge',
    read: async () => [{ value: (await ledger()).get('pending') ?? 0 }],
  });
  exposeScraped(registry, {
    name: 'tocsin_suppressed_total',
    help: 'Events suppressed at an endpoint, by reason; not those that never had to ask Redis',
    type: 'counter',
    read: async () =>
      [...(await ledger())]
        .filter(([name]) => name.startsWith('suppressed:'))
        .map(([name, value]) => ({ labels: { reason: name.slice('suppressed:'.length) }, value })),
  });
  exposeScraped(registry, {
    name: LATENCY,
    help: 'Time from the admission of an event to its delivery',
    type: 'histogram',
    read: async () => latencySamples(await ledger()),
  });
  exposeScraped(registry, {
    name: 'tocsin_ledger_imbalance',
    help: 'By how many deliveries the ledger did not close when it was last recounted; anything but 0 is a fault',
    type: 'gauge',
    read: () => audited(({ imbalance }) => imbalance),
  });
  exposeScraped(registry, {
    name: 'tocsin_ledger_audited_timestamp_seconds',
    help: 'When the ledger was last recounted; it stands still when no worker lives',
    type: 'gauge',
    read: () => audited(({ at }) => at / 1_000),
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_memory_ratio',
    help: 'Share of its memory limit that Redis uses; new events are refused from 0.8 on',
    type: 'gauge',
    read: async () => [{ value: source.fullness() }],
  });
}

function latencySamples(numbers: ReadonlyMap<string, number>): Sample[] {
  let count = 0;
  const buckets = LATENCY_BOUNDS_MS.map((bound) => {
    count += numbers.get(`latency:${bound}`) ?? 0;
    return { metricName: `${LATENCY}_bucket`, labels: { le: String(bound / 1_000) }, value: count };
  });
  count += numbers.get('latency:inf') ?? 0;
  return [
    ...buckets,
    { metricName: `${LATENCY}_bucket`, labels: { le: '+Inf' }, value: count },
    { metricName: `${LATENCY}_sum`, value: (numbers.get('latency:sum') ?? 0) / 1_000 },
    { metricName: `${LATENCY}_count`, value: count },
  ];
}

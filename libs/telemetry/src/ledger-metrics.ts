import type { Registry } from 'prom-client';
import { exposeScraped, type Sample } from './scraped-metric.js';

/** Numbers kept in Redis for the whole installation. */
export interface LedgerSource {
  /** Counters by name: admitted, delivered, dead, cancelled, pending, shed, suppressed:<reason>, outcome:<kind>, and the
   * histograms latency:<bound> and attempt:<bound>. */
  ledger(): Promise<ReadonlyMap<string, number>>;
  audit(): Promise<{ imbalance: number; at: number } | undefined>;
  /** Share of Redis' memory limit in use. */
  fullness(): number;
  /** Whether new events are refused because of it. */
  refusing(): boolean;
  /** Shares of it from which something is done, by what it is. */
  marks: Readonly<Record<string, number>>;
}

const STATES = ['admitted', 'delivered', 'dead', 'cancelled'] as const;
/** As the settle script counts them, in milliseconds. */
const BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000];

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
    read: async () => byPrefix(await ledger(), 'suppressed', 'reason'),
  });
  exposeScraped(registry, {
    name: 'tocsin_attempts_total',
    help: 'Attempts to deliver, by what happened',
    type: 'counter',
    read: async () => byPrefix(await ledger(), 'outcome', 'outcome'),
  });
  exposeScraped(registry, {
    name: 'tocsin_delivery_latency_seconds',
    help: 'Time from the admission of an event to its delivery',
    type: 'histogram',
    read: async () => histogram('tocsin_delivery_latency_seconds', await ledger(), 'latency'),
  });
  exposeScraped(registry, {
    name: 'tocsin_attempt_duration_seconds',
    help: 'Time that one attempt to deliver took, whatever came of it',
    type: 'histogram',
    read: async () => histogram('tocsin_attempt_duration_seconds', await ledger(), 'attempt'),
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
    help: 'Share of its memory limit that Redis uses',
    type: 'gauge',
    read: async () => [{ value: source.fullness() }],
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_mark_ratio',
    help: 'Shares of the memory limit from which new events are refused, records of successes shed, queues bypassed',
    type: 'gauge',
    read: async () => Object.entries(source.marks).map(([mark, value]) => ({ labels: { mark }, value })),
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_refusing',
    help: '1 while new events are refused because Redis is too full',
    type: 'gauge',
    read: async () => [{ value: source.refusing() ? 1 : 0 }],
  });
  exposeScraped(registry, {
    name: 'tocsin_outcomes_shed_total',
    help: 'Successful deliveries that were only counted, not logged, because Redis was too full',
    type: 'counter',
    read: async () => [{ value: (await ledger()).get('shed') ?? 0 }],
  });
}

/** The counters `<prefix>:<value>`, each under its value. */
function byPrefix(numbers: ReadonlyMap<string, number>, prefix: string, label: string): Sample[] {
  return [...numbers]
    .filter(([name]) => name.startsWith(`${prefix}:`))
    .map(([name, value]) => ({ labels: { [label]: name.slice(prefix.length + 1) }, value }));
}

function histogram(name: string, numbers: ReadonlyMap<string, number>, prefix: string): Sample[] {
  let count = 0;
  const buckets = BOUNDS_MS.map((bound) => {
    count += numbers.get(`${prefix}:${bound}`) ?? 0;
    return { metricName: `${name}_bucket`, labels: { le: String(bound / 1_000) }, value: count };
  });
  count += numbers.get(`${prefix}:inf`) ?? 0;
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, value: (numbers.get(`${prefix}:sum`) ?? 0) / 1_000 },
    { metricName: `${name}_count`, value: count },
  ];
}

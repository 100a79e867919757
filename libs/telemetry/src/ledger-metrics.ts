import type { Registry } from 'prom-client';
import { HISTOGRAM_BOUNDS_MS } from '#libs/contracts';
import { exposeScraped, type Sample } from './scraped-metric.js';

/** Sources of the ledger's metrics, kept in Redis for the whole installation. */
export interface LedgerSource {
  /** Counters by name: admitted, delivered, dead, cancelled, pending, shed, suppressed:<reason>, outcome:<kind>, and the
   * histograms latency:<bound> and attempt:<bound>. */
  ledger(): Promise<ReadonlyMap<string, number>>;
  audit(): Promise<{ imbalance: number; at: number } | undefined>;
  /** Share of Redis' memory limit in use. */
  fullness(): number;
  /** New events are refused because Redis is too full. */
  refusing(): boolean;
  /** Reason why the append-only file or its disk takes no events. */
  fileTrouble(): string | undefined;
  /** Bytes of the disk of Redis; undefined if it is not on this machine. */
  diskSpace(): { free: number; reserve: number } | undefined;
  /** Shares of the memory limit at which the system reacts, by the reaction. */
  marks: Readonly<Record<string, number>>;
}

const STATES = ['admitted', 'delivered', 'dead', 'cancelled'] as const;

/**
 * Exposes the ledger. Its numbers belong to the installation, not to a process: every API process shows the same ones, and
 * they survive restarts.
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
  exposeDeliveries(registry, ledger);
  exposeAudit(registry, source);
  exposeRedisMemory(registry, source);
  exposeRedisDisk(registry, source);
}

/** Exposes the counters of events, deliveries and attempts. */
function exposeDeliveries(registry: Registry, ledger: () => Promise<ReadonlyMap<string, number>>): void {
  exposeScraped(registry, {
    name: 'tocsin_deliveries_total',
    help: 'Deliveries by state; admitted = delivered + dead + cancelled + pending',
    type: 'counter',
    read: async () => {
      const numbers = await ledger();
      return STATES.map((state) => ({ labels: { state }, value: numbers.get(state) ?? 0 }));
    },
  });
  exposeScraped(registry, {
    name: 'tocsin_deliveries_pending',
    help: 'Deliveries that wait, are in flight or will be retried',
    type: 'gauge',
    read: async () => [{ value: (await ledger()).get('pending') ?? 0 }],
  });
  exposeScraped(registry, {
    name: 'tocsin_suppressed_total',
    help: 'Events suppressed at an endpoint, by reason; without those decided before Redis was asked',
    type: 'counter',
    read: async () => byPrefix(await ledger(), 'suppressed', 'reason'),
  });
  exposeScraped(registry, {
    name: 'tocsin_attempts_total',
    help: 'Attempts, by outcome',
    type: 'counter',
    read: async () => byPrefix(await ledger(), 'outcome', 'outcome'),
  });
  exposeScraped(registry, {
    name: 'tocsin_sends_dropped_total',
    help: 'Deliveries not sent because the in-flight lease of their worker had run out; they were taken again',
    type: 'counter',
    read: async () => [{ value: (await ledger()).get('leaseExpired') ?? 0 }],
  });
  exposeScraped(registry, {
    name: 'tocsin_delivery_latency_seconds',
    help: 'Time from the admission of an event to its delivery',
    type: 'histogram',
    read: async () => histogram('tocsin_delivery_latency_seconds', await ledger(), 'latency'),
  });
  exposeScraped(registry, {
    name: 'tocsin_attempt_duration_seconds',
    help: 'Duration of an attempt, with any outcome',
    type: 'histogram',
    read: async () => histogram('tocsin_attempt_duration_seconds', await ledger(), 'attempt'),
  });
  exposeScraped(registry, {
    name: 'tocsin_outcomes_shed_total',
    help: 'Successful deliveries that were counted but not logged because Redis was too full',
    type: 'counter',
    read: async () => [{ value: (await ledger()).get('shed') ?? 0 }],
  });
}

/** Exposes the result of the last audit of the ledger. */
function exposeAudit(registry: Registry, source: LedgerSource): void {
  const audited = async (pick: (audit: { imbalance: number; at: number }) => number): Promise<Sample[]> => {
    const audit = await source.audit();
    return audit ? [{ value: pick(audit) }] : [];
  };

  exposeScraped(registry, {
    name: 'tocsin_ledger_imbalance',
    help: 'Deliveries by which the last audit of the ledger did not balance; any value but 0 is a fault',
    type: 'gauge',
    read: () => audited(({ imbalance }) => imbalance),
  });
  exposeScraped(registry, {
    name: 'tocsin_ledger_audited_timestamp_seconds',
    help: 'Time of the last audit of the ledger; it does not advance while no worker runs',
    type: 'gauge',
    read: () => audited(({ at }) => at / 1_000),
  });
}

/** Exposes the memory of Redis and its effects on new events. */
function exposeRedisMemory(registry: Registry, source: LedgerSource): void {
  exposeScraped(registry, {
    name: 'tocsin_redis_memory_ratio',
    help: 'Share of its memory limit that Redis uses',
    type: 'gauge',
    read: async () => [{ value: source.fullness() }],
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_mark_ratio',
    help: 'Shares of the memory limit at which new events are refused, records of successes are shed and queues are bypassed',
    type: 'gauge',
    read: async () => Object.entries(source.marks).map(([mark, value]) => ({ labels: { mark }, value })),
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_refusing',
    help: '1 while new events are refused because Redis is too full',
    type: 'gauge',
    read: async () => [{ value: source.refusing() ? 1 : 0 }],
  });
}

/** Exposes the append-only file of Redis and its disk. */
function exposeRedisDisk(registry: Registry, source: LedgerSource): void {
  exposeScraped(registry, {
    name: 'tocsin_redis_file_refusing',
    help: '1 while new events are refused because of the append-only file of Redis or its disk',
    type: 'gauge',
    read: async () => [{ value: source.fileTrouble() === undefined ? 0 : 1 }],
  });
  exposeScraped(registry, {
    name: 'tocsin_redis_disk_bytes',
    help: 'Bytes of the disk of Redis: free, and reserved for pending deliveries; standalone mode only',
    type: 'gauge',
    read: async () => Object.entries(source.diskSpace() ?? {}).map(([kind, value]) => ({ labels: { kind }, value })),
  });
}

/** Samples of the counters `<prefix>:<value>`, labelled by the value. */
function byPrefix(numbers: ReadonlyMap<string, number>, prefix: string, label: string): Sample[] {
  return [...numbers]
    .filter(([name]) => name.startsWith(`${prefix}:`))
    .map(([name, value]) => ({ labels: { [label]: name.slice(prefix.length + 1) }, value }));
}

function histogram(name: string, numbers: ReadonlyMap<string, number>, prefix: string): Sample[] {
  let count = 0;
  const buckets = HISTOGRAM_BOUNDS_MS.map((bound) => {
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

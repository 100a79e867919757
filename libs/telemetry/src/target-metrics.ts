import type { Registry } from 'prom-client';
import { exposeScraped, type Sample } from './scraped-metric.js';

/** A target with waiting deliveries or failures. */
export interface TargetSample {
  channel: string;
  /** State of the target, one of TARGET_STATES. */
  state: string;
  waiting: number;
  /** Creation of the oldest waiting delivery, in epoch milliseconds. */
  waitingSince: number | undefined;
}

export interface TargetsNow {
  /** Epoch milliseconds of the clock that `waitingSince` uses. */
  at: number;
  targets: readonly TargetSample[];
}

/**
 * Exposes waiting deliveries by channel, the age of the oldest, and targets by state. Endpoints and targets are not labels,
 * since there may be thousands; `/api/v1/stats` lists each.
 */
export function exposeTargets(registry: Registry, read: () => Promise<TargetsNow>): void {
  let reading: Promise<TargetsNow> | undefined;
  /** One read for all metrics of a scrape. */
  const now = (): Promise<TargetsNow> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const byChannel = async (value: (targets: TargetSample[], at: number) => number): Promise<Sample[]> => {
    const { at, targets } = await now();
    return [...Map.groupBy(targets, ({ channel }) => channel)].map(([channel, some]) => ({
      labels: { channel },
      value: value(some, at),
    }));
  };

  exposeScraped(registry, {
    name: 'tocsin_waiting',
    help: 'Waiting deliveries, without those in flight, by channel',
    type: 'gauge',
    read: () => byChannel((targets) => targets.reduce((sum, { waiting }) => sum + waiting, 0)),
  });
  exposeScraped(registry, {
    name: 'tocsin_oldest_waiting_seconds',
    help: 'Age of the oldest waiting delivery, by channel',
    type: 'gauge',
    read: () =>
      byChannel((targets, at) => Math.max(0, ...targets.map(({ waitingSince }) => at - (waitingSince ?? at))) / 1_000),
  });
  exposeScraped(registry, {
    name: 'tocsin_targets',
    help: 'Targets with waiting deliveries or failures, by channel and state',
    type: 'gauge',
    read: async () => {
      const { targets } = await now();
      return [...Map.groupBy(targets, ({ channel, state }) => `${channel}\n${state}`)].map(([name, some]) => {
        const [channel = '', state = ''] = name.split('\n');
        return { labels: { channel, state }, value: some.length };
      });
    },
  });
}

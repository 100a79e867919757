import type { Registry } from 'prom-client';
import { exposeScraped, type Sample } from './scraped-metric.js';

/** A target at which something waits or that is unwell. */
export interface TargetSample {
  channel: string;
  /** In one word what goes on there. */
  state: string;
  waiting: number;
  /** When the oldest that waits was created, epoch milliseconds. */
  waitingSince: number | undefined;
}

export interface TargetsNow {
  /** Epoch milliseconds, by the clock that `waitingSince` is of. */
  at: number;
  targets: readonly TargetSample[];
}

/**
 * Exposes what waits, by channel: how much, how long the oldest, and how many targets are in which state. Names of
 * endpoints and targets are no labels: there may be thousands, and `/api/v1/stats` tells of each.
 */
export function exposeTargets(registry: Registry, look: () => Promise<TargetsNow>): void {
  let looking: Promise<TargetsNow> | undefined;
  /** One look for all metrics of a scrape. */
  const now = (): Promise<TargetsNow> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
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
    help: 'Deliveries that wait and are not being sent, by channel',
    type: 'gauge',
    read: () => byChannel((targets) => targets.reduce((sum, { waiting }) => sum + waiting, 0)),
  });
  exposeScraped(registry, {
    name: 'tocsin_oldest_waiting_seconds',
    help: 'Age of the oldest delivery that waits, by channel',
    type: 'gauge',
    read: () =>
      byChannel((targets, at) => Math.max(0, ...targets.map(({ waitingSince }) => at - (waitingSince ?? at))) / 1_000),
  });
  exposeScraped(registry, {
    name: 'tocsin_targets',
    help: 'Targets at which something waits or that are unwell, by channel and state',
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

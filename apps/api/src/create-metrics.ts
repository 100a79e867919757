import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ExpiryStore } from '#libs/intake';
import { inspect, lastAudit, readLedger } from '#libs/mailbox';
import { createEpisodeBook, firingKinds } from '#libs/own-alerts';
import { MARKS, type RedisClient, type RedisWatch } from '#libs/redis';
import { exposeExpiry, exposeLedger, exposeOwnAlerts, exposeTargets } from '#libs/telemetry';

export interface MetricsDeps {
  redis: RedisClient;
  watch: RedisWatch;
  expiry: ExpiryStore;
}

/** The metrics of the installation, read from Redis at each scrape, and those of this process. */
export function createMetrics({ redis, watch, expiry: { book, reporters } }: MetricsDeps): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  exposeLedger(metrics, {
    ledger: () => readLedger(redis),
    audit: () => lastAudit(redis),
    fullness: watch.fullness,
    refusing: watch.refusing,
    marks: MARKS,
    fileTrouble: watch.fileTrouble,
    diskSpace: watch.diskSpace,
  });
  exposeTargets(metrics, async () => {
    const { at, targets } = await inspect(redis);
    return { at, targets: targets.map((target) => ({ ...target, channel: target.endpointInfo?.channel ?? '' })) };
  });
  exposeOwnAlerts(metrics, () => firingKinds(createEpisodeBook(redis)));
  exposeExpiry(metrics, async () => Promise.all((await reporters.all()).map((reporter) => book.count(reporter))));
  return metrics;
}

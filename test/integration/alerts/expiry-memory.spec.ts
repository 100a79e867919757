import { afterAll, expect, it } from 'vitest';
import { createLeaseBook, type Firing, packAlert } from '#libs/leases';
import { createRedis } from '#libs/redis';
import { startRedis } from '../../support/index.js';
import { usedMemory } from '../delivery/redis-memory.js';

/** What a lease may take besides what it is about. */
const OVERHEAD_MAX = 300;
const LEASES = 20_000;

// Without an append-only file: its buffers would be counted, and they come and go.
const server = await startRedis();
const redis = createRedis({ kind: 'single', url: server.url }, 'work');
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** As Prometheus reports them. */
function firing(count: number, name: string): Firing[] {
  return Array.from({ length: count }, (_, i) => {
    const instance = `${name}-${i}.rack-7.north.example.net:9100`;
    const labels = { alertname: 'CpuHigh', instance, job: 'node', region: 'north', severity: 'critical' };
    const event = {
      id: `${i}`,
      policy: 'CpuHigh',
      object: `${instance}#0f8c2a77`,
      objectName: instance,
      level: 'fatal' as const,
      title: `CPU above 90 % on ${instance} for five minutes`,
      content: 'The load has been rising since the last deployment; 16 of 16 cores are busy, and requests wait.',
      labels,
      annotations: { summary: `CPU above 90 % on ${instance} for five minutes`, runbook: 'https://example.net/cpu' },
      startsAt: '2026-11-20T08:00:00Z',
      url: `https://prometheus.example.net/graph?g0.expr=cpu&g0.tab=${i}`,
    };
    return { event, untilMs: 240_000 };
  });
}

it('a lease takes little more than what its recovery needs, and repeating it takes nothing', async () => {
  const book = createLeaseBook(redis);
  const source = { team: 'default', key: 'prometheus' };
  const clock = { shows: 1_790_000_000_000, resumed: 0 };
  const keep = (some: readonly Firing[]) => book.keep(source, { firing: some, ended: [] }, 0, clock);
  await keep(firing(1_000, 'warm'));
  const before = await usedMemory(redis);
  const alerts = firing(LEASES, 'host');
  await keep(alerts);
  const perLease = ((await usedMemory(redis)) - before) / LEASES;
  const about = alerts.reduce((sum, { event }) => sum + Buffer.byteLength(packAlert(event)), 0) / LEASES;
  clock.shows += 60_000;
  await keep(alerts);
  const repeated = ((await usedMemory(redis)) - before) / LEASES;
  console.log(
    `a lease takes ${perLease.toFixed(0)} bytes: ${about.toFixed(0)} of what it is about, the rest for its place`,
  );
  expect(perLease - about).toBeLessThan(OVERHEAD_MAX);
  expect(Math.abs(repeated - perLease)).toBeLessThan(10);
});

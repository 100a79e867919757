import { afterAll, expect, it } from 'vitest';
import { createExpiryBook, type FiringAlert, packAlert } from '#libs/alerts';
import { createRedis } from '#libs/redis';
import { startRedis } from '../../support/index.js';
import { usedMemory } from '../delivery/redis-memory.js';

/** Most bytes that an alert takes besides its summary. */
const OVERHEAD_MAX = 300;
const ALERTS = 20_000;

// Without an append-only file: the size of its buffers varies, and they would be counted.
const server = await startRedis();
const redis = createRedis({ kind: 'single', url: server.url }, 'work');
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** Alerts as Prometheus reports them. */
function firing(count: number, name: string): FiringAlert[] {
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

it('an alert takes little more than its summary, and repeating it takes nothing', async () => {
  const book = createExpiryBook(redis);
  const reporter = { team: 'default', key: 'prometheus' };
  const clock = { shows: 1_790_000_000_000, resumed: 0 };
  const record = (some: readonly FiringAlert[]) => book.record(reporter, { firing: some, ended: [] }, 0, clock);
  await record(firing(1_000, 'warm'));
  const before = await usedMemory(redis);
  const alerts = firing(ALERTS, 'host');
  await record(alerts);
  const perAlert = ((await usedMemory(redis)) - before) / ALERTS;
  const summary = alerts.reduce((sum, { event }) => sum + Buffer.byteLength(packAlert(event)), 0) / ALERTS;
  clock.shows += 60_000;
  await record(alerts);
  const repeated = ((await usedMemory(redis)) - before) / ALERTS;
  console.log(`an alert takes ${perAlert.toFixed(0)} bytes, of which ${summary.toFixed(0)} are its summary`);
  expect(perAlert - summary).toBeLessThan(OVERHEAD_MAX);
  expect(Math.abs(repeated - perAlert)).toBeLessThan(10);
});

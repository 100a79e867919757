import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { exposeLedger } from './index.js';

const numbers = new Map(
  Object.entries({
    admitted: 10,
    delivered: 6,
    dead: 1,
    cancelled: 1,
    pending: 2,
    shed: 3,
    'suppressed:period': 5,
    'outcome:unavailable': 3,
    'attempt:10': 2,
    'attempt:sum': 16,
    'latency:5': 4,
    'latency:50': 1,
    'latency:inf': 1,
    'latency:sum': 4_000_123,
  }),
);

it('shows the ledger, the suppressions and a cumulative latency histogram', async () => {
  const registry = new Registry();
  exposeLedger(registry, {
    ledger: async () => numbers,
    audit: async () => ({ imbalance: 0, at: 5_000 }),
    fullness: () => 0.85,
    refusing: () => true,
    fileTrouble: () => 'the disk is full',
    diskSpace: () => ({ free: 5, reserve: 7 }),
    marks: { refuse: 0.8, shed: 0.9 },
  });
  const text = await registry.metrics();
  for (const line of [
    'tocsin_deliveries_total{state="admitted"} 10',
    'tocsin_deliveries_total{state="dead"} 1',
    'tocsin_deliveries_pending 2',
    'tocsin_suppressed_total{reason="period"} 5',
    'tocsin_delivery_latency_seconds_bucket{le="0.005"} 4',
    'tocsin_delivery_latency_seconds_bucket{le="0.025"} 4',
    'tocsin_delivery_latency_seconds_bucket{le="0.05"} 5',
    'tocsin_delivery_latency_seconds_bucket{le="+Inf"} 6',
    'tocsin_delivery_latency_seconds_count 6',
    'tocsin_attempts_total{outcome="unavailable"} 3',
    'tocsin_attempt_duration_seconds_bucket{le="0.005"} 0',
    'tocsin_attempt_duration_seconds_count 2',
    'tocsin_attempt_duration_seconds_sum 0.016',
    'tocsin_ledger_imbalance 0',
    'tocsin_ledger_audited_timestamp_seconds 5',
    'tocsin_redis_memory_ratio 0.85',
    'tocsin_redis_mark_ratio{mark="shed"} 0.9',
    'tocsin_redis_refusing 1',
    'tocsin_outcomes_shed_total 3',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

it('while Redis is away its metrics are missing, and the others are exposed', async () => {
  const registry = new Registry();
  const away = () => Promise.reject(new Error('away'));
  exposeLedger(registry, {
    ledger: away,
    audit: away,
    fullness: () => 0,
    refusing: () => false,
    fileTrouble: () => 'the disk is full',
    diskSpace: () => ({ free: 5, reserve: 7 }),
    marks: { refuse: 0.8 },
  });
  const text = await registry.metrics();
  expect(text).not.toMatch(/^tocsin_deliveries/m);
  expect(text).toContain('tocsin_redis_memory_ratio 0');
  expect(text).toContain('tocsin_redis_refusing 0');
});

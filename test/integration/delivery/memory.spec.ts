import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedis } from '../../support/index.js';
import { type Breakdown, memoryByKind, usedMemory } from './redis-memory.js';
import { httpEndpoint, World } from './world.js';

/** Most bytes of a waiting delivery besides its event. */
const OVERHEAD_MAX = 300;
const WAITING = 10_000;

// Without an append-only file, whose buffers would be counted and vary.
const redis = await startRedis();
const world = new World(redis.url);
// Without a worker, so that all deliveries wait.
afterAll(async () => {
  await world.stop();
  await redis.stop();
});

/** Ordinary alerts of about 500 bytes as JSON, each with its own key. */
const alerts = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `${name}-${i}-0f8c2a`,
    policy: 'cpu-high',
    object: `${name}-host-${i}.rack-7.north.example.net`,
    objectName: `host ${i}`,
    level: 'fatal' as const,
    title: `CPU above 90 % on host-${i}.rack-7.north.example.net for five minutes`,
    content: 'The load has been rising since the last deployment; 16 of 16 cores are busy, and requests wait.',
    value: 93.4,
    unit: '%',
    labels: { region: 'north', service: 'checkout', severity: 'critical', rack: '7' },
    startsAt: '2026-11-20T08:00:00Z',
    url: `https://grafana.example.net/d/cpu?host=${i}`,
  }));

async function post(name: string, count: number, ownId: boolean): Promise<number> {
  const incoming = alerts(name, count).map((event) => ({ event, json: JSON.stringify(event), ownId }));
  for (let from = 0; from < count; from += 500) {
    await world.admitter.admit(incoming.slice(from, from + 500), null, () => world.settings.current());
  }
  return incoming.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
}

interface Figures {
  total: number;
  event: number;
  kinds: Breakdown;
}

async function measure(pushPeriodMs: number, ownId: boolean): Promise<Figures> {
  await redis.flush();
  world.settings.set([httpEndpoint('http://127.0.0.1:9/', { pushPeriodMs })]);
  // Scripts are loaded and tables have their initial size before the measurement.
  await post('warm', 100, ownId);
  const before = await usedMemory(world.redis);
  const bytes = await post('waits', WAITING, ownId);
  const after = await usedMemory(world.redis);
  return { total: (after - before) / WAITING, event: bytes / WAITING, kinds: await memoryByKind(world.redis) };
}

const table = ({ total, event, kinds }: Figures): string =>
  [
    `${total.toFixed(0)} bytes a waiting delivery: its event ${event.toFixed(0)}, besides it ${(total - event).toFixed(0)}`,
    ...[...kinds]
      .sort(([, a], [, b]) => b.bytes - a.bytes)
      .slice(0, 12)
      .map(
        ([kind, { keys, bytes }]) =>
          `  ${kind.padEnd(28)} ${String(keys).padStart(6)} keys ${(bytes / WAITING).toFixed(1).padStart(8)} bytes a delivery`,
      ),
  ].join('\n');

const figures = new Map<string, Figures>();
beforeAll(async () => {
  const cases: [string, number, boolean][] = [
    ['a push period of 0s', 0, false],
    ['a push period of 12h', 43_200_000, false],
    ['a push period of 12h and ids that are remembered for an hour', 43_200_000, true],
  ];
  for (const [name, pushPeriodMs, ownId] of cases) {
    const found = await measure(pushPeriodMs, ownId);
    figures.set(name, found);
    console.log(`with ${name}: ${table(found)}`);
  }
});

it.each(['a push period of 0s', 'a push period of 12h'])(
  'a waiting delivery takes its event and at most 300 bytes of Redis, with %s',
  (name) => {
    const { total, event } = figures.get(name) as Figures;
    expect(event).toBeGreaterThan(450);
    expect(total - event).toBeLessThanOrEqual(OVERHEAD_MAX);
  },
);

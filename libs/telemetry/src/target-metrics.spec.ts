import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { exposeTargets } from './index.js';

it('waiting deliveries, their age and target states are exposed by channel, with one read a scrape', async () => {
  const registry = new Registry();
  let looks = 0;
  exposeTargets(registry, async () => {
    looks += 1;
    return {
      at: 100_000,
      targets: [
        { channel: 'http', state: 'failing', waiting: 5, waitingSince: 40_000 },
        { channel: 'http', state: 'failing', waiting: 2, waitingSince: 90_000 },
        { channel: 'email', state: 'sending', waiting: 0, waitingSince: undefined },
      ],
    };
  });
  const text = await registry.metrics();
  expect(looks).toBe(1);
  for (const line of [
    'tocsin_waiting{channel="http"} 7',
    'tocsin_waiting{channel="email"} 0',
    'tocsin_oldest_waiting_seconds{channel="http"} 60',
    'tocsin_oldest_waiting_seconds{channel="email"} 0',
    'tocsin_targets{channel="http",state="failing"} 2',
    'tocsin_targets{channel="email",state="sending"} 1',
  ])
    expect(text).toContain(line);
});

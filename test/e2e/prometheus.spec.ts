import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Receiver } from '../integration/delivery/world.js';
import { waitFor } from '../support/index.js';
import { ADMIN_KEY, Installation } from './installation.js';
import { startAlertmanager, startPrometheus } from './monitoring-programs.js';

const RULES = `
groups:
  - name: disks
    rules:
      - alert: DiskFull
        expr: disk_full == 1
        labels: { severity: critical }
        annotations: { summary: 'disk {{ $labels.disk }} is full' }
`;

/** Full disks, as metrics that Prometheus scrapes. */
const disks = new Map<string, 0 | 1>();
const exporter: Server = createServer((_, response) =>
  response
    .setHeader('content-type', 'text/plain')
    .end([...disks].map(([disk, full]) => `disk_full{disk="${disk}",instance="host-${disk}"} ${full}\n`).join('')),
);
const receiver = await Receiver.start();
let installation: Installation;
let tocsin: { url: string; key: string };
beforeAll(async () => {
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  installation = await Installation.start();
  tocsin = { url: installation.apiUrls[0] as string, key: ADMIN_KEY };
  await installation.call('POST', '/api/v1/endpoints', {
    name: 'all',
    channel: 'http',
    config: { url: receiver.url },
    policies: ['*'],
  });
});
afterAll(async () => {
  await installation.stop();
  await receiver.stop();
  exporter.closeAllConnections();
  await new Promise((resolve) => exporter.close(resolve));
});

const pushes = (policy: string) =>
  receiver.arrivals.filter(({ body }) => body.policy === policy).map(({ body }) => body);
const levels = (policy: string, objectName: string) =>
  pushes(policy)
    .filter(({ object_name }) => object_name === objectName)
    .map(({ level }) => level);

/** Alerts posted to Tocsin so far, including repeats. */
async function received(): Promise<number> {
  const metrics = await (await fetch(`${tocsin.url}/metrics`)).text();
  return Number(/^tocsin_events_total\{result="received"\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function repeats(count: number): Promise<void> {
  const before = await received();
  await waitFor(async () => (await received()) >= before + count, { timeoutMs: 30_000, what: `${count} more alerts` });
}

it('Prometheus repeats an alert: it is pushed once, and its recovery once; a killed and restarted Prometheus causes no recovery', async () => {
  disks.set('a', 1);
  const prometheus = await startPrometheus(tocsin, {
    scraped: `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`,
    rules: RULES,
  });
  try {
    await waitFor(() => pushes('DiskFull').length > 0, { timeoutMs: 20_000, what: 'the first push' });
    await repeats(3);
    disks.set('a', 0);
    await waitFor(() => levels('DiskFull', 'host-a').includes('recovered'), { timeoutMs: 20_000, what: 'a recovery' });
    await repeats(1);
    expect(levels('DiskFull', 'host-a')).toEqual(['fatal', 'recovered']);
    expect(pushes('DiskFull')[0]).toMatchObject({ title: 'disk a is full', object_name: 'host-a' });

    const many = Array.from({ length: 12 }, (_, i) => `d${i}`);
    for (const disk of many) disks.set(disk, 1);
    const fired = () => many.map((disk) => levels('DiskFull', `host-${disk}`));
    await waitFor(() => fired().every((pushes) => pushes.length > 0), { timeoutMs: 20_000, what: 'twelve pushes' });
    await prometheus.kill9();
    await sleep(4_000);
    await prometheus.restart();
    await repeats(2 * many.length);
    expect(await installation.drained(10_000)).toMatchObject({ imbalance: 0 });
    expect(fired()).toEqual(many.map(() => ['fatal']));
  } finally {
    await prometheus.stop();
  }
});

it('Alertmanager posts its webhook: an alert is pushed once, and its recovery once', async () => {
  const alertmanager = await startAlertmanager(tocsin);
  try {
    const post = async (endsAt?: string) => {
      const alert = {
        labels: { alertname: 'LinkDown', instance: 'switch-1', severity: 'warning' },
        annotations: { summary: 'link of switch-1 is down' },
        ...(endsAt && { endsAt }),
      };
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      });
      expect(response.status).toBe(200);
    };
    await post();
    await waitFor(() => levels('LinkDown', 'switch-1').length > 0, { timeoutMs: 20_000, what: 'the push' });
    await post();
    await post(new Date().toISOString());
    await waitFor(() => levels('LinkDown', 'switch-1').length > 1, { timeoutMs: 20_000, what: 'the recovery' });
    await sleep(2_000);
    expect(levels('LinkDown', 'switch-1')).toEqual(['warning', 'recovered']);
    expect(pushes('LinkDown')[0]).toMatchObject({ title: 'link of switch-1 is down' });
  } finally {
    await alertmanager.stop();
  }
});

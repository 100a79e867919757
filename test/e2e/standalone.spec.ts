import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { isAlive, sendSignal } from '../../apps/standalone/src/process-table.js';
import { Receiver } from '../integration/delivery/world.js';
import { startProcess, type TestProcess, waitFor } from '../support/index.js';
import { EventSender } from './event-sender.js';
import { type LivingProcess, processesBelow } from './process-tree.js';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-standalone-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const receiver = await Receiver.start();
let system: TestProcess;
afterAll(async () => {
  await system.stop(30_000);
  await receiver.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<number> {
  const began = Date.now();
  system = startProcess('dist/apps/standalone/src/main.js', { PORT: String(port), TOCSIN_DATA_DIR: folder });
  await system.printed(/Tocsin runs on/, 60_000);
  return Date.now() - began;
}

const key = () => readFileSync(join(folder, 'admin.key'), 'utf8').trim();

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, never> };
}

/** The supervisor and everything below it. */
const family = (): LivingProcess[] => processesBelow(system.pid);

it('the first start makes its keys, prints the administrator’s once, and serves', async () => {
  await start();
  expect(system.output()).toContain(key());
  expect(statSync(join(folder, 'admin.key')).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'secret.key')).mode & 0o077).toBe(0);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const made = await call('POST', '/api/v1/endpoints', {
    name: 'all',
    channel: 'http',
    config: { url: receiver.url },
    pushPeriod: '0s',
    policies: ['*'],
  });
  expect(made.status).toBe(201);
});

it('a second start on the same data says that it is taken', async () => {
  const second = startProcess('dist/apps/standalone/src/main.js', {
    PORT: String(await freePort()),
    TOCSIN_DATA_DIR: folder,
  });
  expect(await second.exit).not.toBe(0);
  expect(second.output()).toContain(folder);
});

it('after kill -9 of every process in mid-storm the next start is ready within 10 seconds and delivers the rest', async () => {
  const sender = new EventSender([url], key());
  let stormed = true;
  const storm = (async () => {
    for (let batch = 0; stormed; batch++) {
      const events = Array.from({ length: 100 }, (_, i) => ({
        id: `e${batch}-${i}`,
        policy: 'p',
        object: `o${batch}-${i}`,
        level: 'fatal',
        labels: {},
      }));
      await sender.send(events, AbortSignal.timeout(30_000));
    }
  })();
  await waitFor(() => receiver.arrivals.length > 500);
  for (const { pid } of family()) sendSignal(pid, 'SIGKILL');
  await system.exit;
  stormed = false;
  const arrivedBefore = receiver.arrivals.length;

  const readyMs = await start();
  console.log(`ready ${readyMs} ms after the second start`);
  expect(readyMs).toBeLessThan(10_000);
  expect(system.output()).not.toContain(key());
  await storm;
  await waitFor(
    () => {
      const arrived = new Set(receiver.arrivals.map(({ body }) => body.event_id));
      return [...sender.acknowledged.keys()].every((id) => arrived.has(id));
    },
    { timeoutMs: 40_000, intervalMs: 200, what: 'everything acknowledged to arrive' },
  );
  expect(receiver.arrivals.length).toBeGreaterThan(arrivedBefore);
  await waitFor(async () => /^tocsin_deliveries_pending 0$/m.test(await (await fetch(`${url}/metrics`)).text()), {
    timeoutMs: 40_000,
  });
});

it.each(['redis-server', 'postgres', 'apps/api/', 'apps/worker/'])('the death of %s heals by itself', async (name) => {
  const victim = family().find(({ pid, command }) => pid !== system.pid && command.includes(name));
  expect(victim).toBeDefined();
  process.kill(victim?.pid as number, 'SIGKILL');
  await waitFor(
    async () => {
      const { status } = await call('POST', '/api/v1/events', { policy: 'p', object: `after ${name}`, level: 'fatal' });
      return status === 202 && receiver.arrivals.some(({ body }) => body.object === `after ${name}`);
    },
    { timeoutMs: 25_000, intervalMs: 200 },
  );
});

it('SIGTERM ends every part of it cleanly', async () => {
  const members = family();
  expect(members.length).toBeGreaterThanOrEqual(5);
  expect(await system.stop(30_000)).toBe(0);
  expect(members.filter(({ pid }) => isAlive(pid))).toEqual([]);
  await start();
});

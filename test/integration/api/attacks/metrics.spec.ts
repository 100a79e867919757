import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exposeScraped } from '#libs/telemetry';
import { waitFor } from '../../../support/index.js';
import { type Api, KEY, openApi } from '../open-api.js';
import { closeAll, get, listen, RawClient } from './raw-client.js';

let api: Api;
let port = 0;
let collections = 0;
beforeAll(async () => {
  api = await openApi({ limits: { inFlight: { withoutKey: 8, withKey: 64 }, unreadMs: 500 } });
  exposeScraped(api.app.get(Registry), {
    name: 'collections',
    help: 'Collections so far',
    type: 'counter',
    read: async () => [{ value: ++collections }],
  });
  await waitFor(async () => (await api.get('/readyz')).status === 200);
  port = await listen(api);
});
afterAll(() => closeAll(api));

/** Requests that are not answered in full, with those that are refused. */
const inFlight: { now: number; most: number } = { now: 0, most: 0 };
function watchRequests(): void {
  api.app.getHttpServer().on('request', (_request, response) => {
    inFlight.most = Math.max(inFlight.most, ++inFlight.now);
    response.once('close', () => inFlight.now--);
  });
}

it('metrics are collected once a second at most, however many ask, and all get an answer', async () => {
  collections = 0;
  const startedAt = performance.now();
  const statuses: number[] = [];
  while (performance.now() - startedAt < 1_500) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(`http://127.0.0.1:${port}/metrics`)));
    for (const answer of answers) {
      expect(await answer.text()).toContain('tocsin_deliveries_pending');
      statuses.push(answer.status);
    }
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(collections).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAt) / 1_000) + 1);
  expect(statuses.length).toBeGreaterThan(2 * collections);
});

it('readiness checks are shared by all who ask at the same time', async () => {
  let checks = 0;
  const { database } = api.parts;
  const whyAway = database.whyAway.bind(database);
  database.whyAway = () => {
    checks++;
    return whyAway();
  };
  await sleep(200);
  const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`http://127.0.0.1:${port}/readyz`)));
  for (const answer of answers) expect(await answer.json()).toEqual({ status: 'ready', degraded: [] });
  database.whyAway = whyAway;
  expect(checks).toBeGreaterThanOrEqual(1);
  expect(checks).toBeLessThanOrEqual(10);
});

it.each(['/metrics', '/healthz', '/readyz', '/', '/assets/none.js', '/api/v1/endpoints', '/docs', '/openapi.json'])(
  'a thousand pipelined requests for %s close their connection, and health is answered',
  async (path) => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(port)));
    for (const client of clients) client.read().write(get(path).repeat(1_000));
    await Promise.all(clients.map((client) => client.closed()));
    for (const client of clients) expect(client.statuses().length).toBeLessThanOrEqual(8);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  },
);

it('the rest of a packet is not parsed after its connection was closed', async () => {
  let parsed = 0;
  const count = (): void => void parsed++;
  api.app.getHttpServer().on('request', count);
  const client = await RawClient.open(port);
  client.write(get('/metrics').repeat(1_000));
  await client.closed();
  api.app.getHttpServer().off('request', count);
  expect(parsed).toBe(9);
});

it('a client with a key pipelines 64 requests, and each is answered in order', async () => {
  const client = (await RawClient.open(port)).read();
  const withKey = `Authorization: Bearer ${KEY}\r\n`;
  client.write(get('/api/v1/endpoints', withKey));
  await waitFor(() => client.statuses().length === 1);
  client.write(get('/healthz').repeat(63) + get('/api/v1/none', withKey));
  await waitFor(() => client.statuses().length === 65);
  expect(client.statuses()).toEqual([200, ...Array(63).fill(200), 404]);
  client.destroy();
});

it('a client that does not read is closed, and few bytes are kept for it', async () => {
  watchRequests();
  const server = api.app.getHttpServer();
  let kept = 0;
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket: import('node:net').Socket) => sockets.add(socket));
  const clients = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(port)));
  for (const client of clients) client.socket.pause();
  const startedAt = performance.now();
  while (performance.now() - startedAt < 8_000 && ![...sockets].every((socket) => socket.destroyed)) {
    for (const client of clients) client.write(get('/metrics').repeat(4));
    kept = Math.max(kept, ...[...sockets].map((socket) => socket.writableLength));
    await sleep(20);
  }
  expect(sockets.size).toBe(10);
  expect([...sockets].filter((socket) => !socket.destroyed)).toEqual([]);
  expect(kept).toBeLessThan(1024 * 1024);
  // The ninth request of a connection closes it.
  expect(inFlight.most).toBeLessThanOrEqual(10 * 9);
  for (const client of clients) client.destroy();
});

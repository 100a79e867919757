import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../../../support/index.js';
import { type Api, KEY, openApi } from '../open-api.js';
import { closeAll, get, listen, RawClient } from './raw-client.js';

const withKey = `Authorization: Bearer ${KEY}\r\n`;
let api: Api;
let port = 0;
beforeAll(async () => {
  api = await openApi({ limits: { connections: 20, reserve: 4 } });
  await waitFor(async () => (await api.get('/readyz')).status === 200);
  port = await listen(api);
});
afterAll(() => closeAll(api));

const open = async (text: string): Promise<RawClient> => {
  const client = (await RawClient.open(port)).read();
  client.write(text);
  return client;
};
const connected = async (): Promise<number> =>
  new Promise((resolve, reject) => {
    api.app
      .getHttpServer()
      .getConnections((error: Error | null, count: number) => (error ? reject(error) : resolve(count)));
  });
const metric = async (name: string): Promise<number> => {
  const metrics = await api.parts.metrics.getSingleMetricAsString(name);
  return metrics
    .split('\n')
    .reduce((sum, line) => sum + (line.startsWith('#') ? 0 : Number(line.split(' ').at(-1))), 0);
};

it('200 slow clients without a key hold 20 connections; health, and clients with a key, are answered', async () => {
  const honest = await open(get('/api/v1/endpoints', withKey));
  await waitFor(() => honest.statuses().length === 1);
  const slow: RawClient[] = [];
  for (let i = 0; i < 200; i++) {
    slow.push(await open(i % 2 === 0 ? '' : 'POST /api/v1/events HTTP/1.1\r\nContent-Len'));
    if (i % 20 === 0) expect(await connected()).toBeLessThanOrEqual(21);
  }
  await waitFor(() => slow.filter(({ isClosed }) => !isClosed).length <= 19);
  // The oldest were closed.
  expect(slow.slice(0, 150).every(({ isClosed }) => isClosed)).toBe(true);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  honest.write(get('/api/v1/endpoints', withKey));
  await waitFor(() => honest.statuses().length === 2);
  expect(honest.statuses()).toEqual([200, 200]);
  expect(await metric('tocsin_connections_refused_total')).toBeGreaterThanOrEqual(180);
  for (const client of [...slow, honest]) client.destroy();
  // The connection of fetch stays.
  await waitFor(async () => (await connected()) <= 1);
});

it('clients with a key leave a reserve, in which health is answered', async () => {
  const all: RawClient[] = [];
  for (let i = 0; i < 30; i++) {
    const client = await open(get('/api/v1/endpoints', withKey));
    await waitFor(() => client.statuses().length === 1);
    all.push(client);
  }
  expect(all.map((client) => client.statuses()[0])).toEqual([...Array(16).fill(200), ...Array(14).fill(503)]);
  expect(all[20]?.received.toLowerCase()).toContain('retry-after: 1');
  await waitFor(() => all.slice(16).every(({ isClosed }) => isClosed));
  expect(all.slice(0, 16).some(({ isClosed }) => isClosed)).toBe(false);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  for (const client of all) client.destroy();
});

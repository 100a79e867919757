import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../../../support/index.js';
import { type Api, KEY, openApi } from '../open-api.js';
import { closeAll, listen } from './raw-client.js';

const MIB = 1024 * 1024;
let api: Api;
let port = 0;
beforeAll(async () => {
  api = await openApi();
  await waitFor(async () => (await api.get('/readyz')).status === 200);
  port = await listen(api);
});
afterAll(() => closeAll(api));

/** Posts a body, and counts how often the event loop of the server came round meanwhile. */
async function post(path: string, text: string): Promise<{ status: number; detail: string; turns: number }> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setTimeout(count, 1);
  };
  setTimeout(count, 1);
  const answer = await api.post(path, text);
  isDone = true;
  return { status: answer.status, detail: answer.json?.detail ?? '', turns };
}

const fill = (part: string): string => part.repeat(Math.floor((15 * MIB) / part.length));
let name = 0;
/**
 * Invalid events of distinct labels: the slowest JSON to parse, since each object has a shape of its own. Being rejected, they
 * cause no calls of Redis, during which others would have turns anyway.
 */
const distinct = (events: number, labels: number): string =>
  JSON.stringify(
    Array.from({ length: events }, () => ({
      policy: 'p',
      object: 'o',
      level: 'none',
      labels: Object.fromEntries(Array.from({ length: labels }, () => [`l${(name++).toString(36)}`, ''])),
    })),
  );

it.each([
  ['nesting', '/api/v1/events', () => fill('{"a":'), 400, 'levels deep'],
  ['nesting in an array', '/api/v1/events', () => `[${'['.repeat(7 * MIB)}${']'.repeat(7 * MIB)}]`, 413, 'more than'],
  ['empty arrays', '/api/v1/events', () => `[${fill('[],')}[]]`, 413, 'more than 2000000 values'],
  ['members of one object', '/api/v1/endpoints', () => `{${fill('"a":1,')}"b":1}`, 413, 'more than 50000 values'],
  ['empty alerts', '/api/v1/ingest/alertmanager', () => `{"alerts":[${fill('{},')}{}]}`, 413, 'more than 2000000'],
])('15 MiB of %s are refused without being parsed', async (_, path, text, status, detail) => {
  const answer = await post(path, text());
  expect(answer.status).toBe(status);
  expect(answer.detail).toContain(detail);
});

it('1,500 events of distinct labels are checked, and others have many turns meanwhile', async () => {
  const answer = await post('/api/v1/events', distinct(1_500, 50));
  expect(answer.status).toBe(400);
  expect(answer.detail).toContain('level must be one of');
  expect(answer.turns).toBeGreaterThan(20);
});

it('health is answered between the parts of a large body', async () => {
  let isDone = false;
  const large = api.post('/api/v1/events', distinct(1_500, 50)).finally(() => {
    isDone = true;
  });
  let healthy = 0;
  while (!isDone) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { authorization: `Bearer ${KEY}` } });
    if (answer.status === 200) healthy++;
  }
  expect((await large).status).toBe(400);
  expect(healthy).toBeGreaterThan(10);
});

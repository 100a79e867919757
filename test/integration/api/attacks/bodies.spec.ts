import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../../support/index.js';
import { type Api, KEY, openApi } from '../open-api.js';
import { closeAll, get, listen, post, RawClient } from './raw-client.js';

const withKey = `Authorization: Bearer ${KEY}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const EVENTS = '/api/v1/events';
const MIB = 1024 * 1024;

let api: Api;
let port = 0;
beforeAll(async () => {
  api = await openApi({ limits: { bodyMs: 300, headersMs: 300, checkMs: 50 } });
  await waitFor(async () => (await api.get('/readyz')).status === 200);
  port = await listen(api);
});
afterAll(() => closeAll(api));

/** Chunks of a byte each. */
const byteChunks = (count: number): string => '1\r\n \r\n'.repeat(count);

// A refused connection stays open for three seconds.
it.concurrent.each([
  ['JSON', 'application/json'],
  ['NDJSON', 'application/x-ndjson'],
])('a %s body in chunks of a byte is refused after a few thousand, and its connection closes', async (_, type) => {
  const client = (await RawClient.open(port)).read();
  client.write(post(EVENTS, withKey + CHUNKED).replace('application/json', type));
  const startedAt = performance.now();
  while (!client.isClosed && performance.now() - startedAt < 5_000) {
    client.write(byteChunks(2_000));
    await sleep(10);
  }
  expect(client.isClosed).toBe(true);
  expect(client.statuses()).toEqual([400]);
  expect(client.received).toMatch(/in 4\d{3} chunks of 1\.0 bytes on average/);
  expect(client.received).toContain('send at least 16 bytes in a chunk');
});

it.concurrent('a body in chunks of 64 bytes is accepted', async () => {
  const client = (await RawClient.open(port)).read();
  const event = JSON.stringify({ policy: 'p', object: 'o', level: 'fatal' }).padEnd(64);
  const line = `40\r\n${event.slice(0, 63)}\n\r\n`;
  client.write(post(EVENTS, withKey + CHUNKED).replace('application/json', 'application/x-ndjson'));
  client.write(`${line.repeat(8_000)}0\r\n\r\n`);
  await waitFor(() => client.statuses().length === 1, { timeoutMs: 20_000 });
  expect(client.received).toContain('"received":8000');
  client.destroy();
});

it.concurrent('a body that stays below the least rate is answered with 408, and its connection closes', async () => {
  const client = (await RawClient.open(port)).read();
  client.write(post(EVENTS, `${withKey}Content-Length: 1000\r\n`));
  const dripping = setInterval(() => client.write(' '), 50);
  await client.closed();
  clearInterval(dripping);
  expect(client.statuses()).toEqual([408]);
  expect(client.received).toContain('the body came too slowly');
});

it.concurrent('a stream of events with a key may pause for longer than other bodies may take', async () => {
  const client = (await RawClient.open(port)).read();
  client.write(post(EVENTS, withKey + CHUNKED).replace('application/json', 'application/x-ndjson'));
  const line = `${JSON.stringify({ policy: 'p', object: 'o', level: 'fatal' })}\n`;
  client.write(`${line.length.toString(16)}\r\n${line}\r\n`);
  await sleep(800);
  client.write(`${line.length.toString(16)}\r\n${line}\r\n0\r\n\r\n`);
  await waitFor(() => client.statuses().length === 1);
  expect(client.statuses()).toEqual([202]);
  client.destroy();
});

it.concurrent.each([
  ['a request without a body', get('/api/v1/endpoints')],
  ['a body that does not come', post(EVENTS, 'Content-Length: 1000\r\n')],
  ['a stream that does not come', post(EVENTS, CHUNKED)],
])('the connection of %s closes after 401', async (_, text) => {
  const client = (await RawClient.open(port)).read();
  client.write(text);
  await client.closed();
  expect(client.statuses()).toEqual([401]);
  expect(client.received.toLowerCase()).toContain('connection: close');
});

it.concurrent('a client without a key that sends 16 MiB reads its 401, and no body is read before', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const client = (await RawClient.open(port)).read();
      client.write(post(EVENTS, `Content-Length: ${16 * MIB}\r\n`));
      client.write(Buffer.alloc(16 * MIB, 0x20));
      await client.closed();
      return client.statuses();
    }),
  );
  expect(statuses).toEqual([[401], [401], [401]]);
});

it.concurrent('a client without a key that waits for "100 Continue" gets its 401 instead', async () => {
  const client = (await RawClient.open(port)).read();
  client.write(post(EVENTS, 'Expect: 100-continue\r\nContent-Length: 1000\r\n'));
  await client.closed();
  expect(client.statuses()).toEqual([401]);
});

it.concurrent('a client with a key that waits for "100 Continue" gets it, and then its answer', async () => {
  const client = (await RawClient.open(port)).read();
  const event = JSON.stringify({ policy: 'p', object: 'o', level: 'fatal' });
  client.write(post(EVENTS, `${withKey}Expect: 100-continue\r\nContent-Length: ${event.length}\r\n`));
  await waitFor(() => client.statuses().length === 1);
  client.write(event);
  await waitFor(() => client.statuses().length === 2);
  expect(client.statuses()).toEqual([100, 202]);
  client.destroy();
});

it.concurrent('an answer to an open route closes the connection whose body has not come', async () => {
  const client = (await RawClient.open(port)).read();
  client.write(get('/healthz', 'Content-Length: 1000\r\n'));
  await client.closed();
  expect(client.statuses()).toEqual([200]);
});

it.each([
  ['no bytes', ''],
  ['half a header', 'GET /healthz HTTP/1.1\r\nX-Sl'],
])('a connection with %s is closed in time', async (_, text) => {
  const client = (await RawClient.open(port)).read();
  client.write(text);
  await client.closed();
  expect(client.statuses()).not.toContain(200);
});

describe('the chunks that the process parses', () => {
  let parsed = 0;
  beforeAll(() => {
    IncomingMessage.prototype.push = function (chunk, encoding) {
      if (chunk !== null) parsed++;
      return Readable.prototype.push.call(this, chunk, encoding);
    };
  });
  beforeEach(() => {
    parsed = 0;
  });
  afterAll(() => {
    Reflect.deleteProperty(IncomingMessage.prototype, 'push');
  });
  const PACKET_CHUNKS_MAX = Math.ceil((64 * 1024) / byteChunks(1).length);

  /** Sends ten packets of chunks of a byte, of which the first comes with the headers. */
  async function sendChunks(head: string): Promise<void> {
    const client = (await RawClient.open(port)).read();
    client.write(head + byteChunks(PACKET_CHUNKS_MAX));
    for (let i = 0; i < 9; i++) {
      client.write(byteChunks(PACKET_CHUNKS_MAX));
      await sleep(10);
    }
    await waitFor(() => client.statuses().length === 1);
    client.socket.end();
    await client.closed();
  }

  it.each([
    ['a body', post(EVENTS, CHUNKED)],
    ['a body with a wrong key', post(EVENTS, `Authorization: Bearer wrong\r\n${CHUNKED}`)],
    ['a body for an open route', get('/healthz', CHUNKED)],
  ])('without a valid key are none of %s', async (_, head) => {
    await sendChunks(head);
    expect(parsed).toBe(0);
  });

  it('with a key are those of the packet in which they became too many', async () => {
    await sendChunks(post(EVENTS, withKey + CHUNKED));
    expect(parsed).toBeGreaterThan(4_096);
    expect(parsed).toBeLessThan(4_096 + PACKET_CHUNKS_MAX);
  });
});

it('a body without a key gets the answer of any other request without a key', async () => {
  const client = (await RawClient.open(port)).read();
  client.write(post(EVENTS, 'Content-Length: 2\r\n'));
  client.write('{}');
  await waitFor(() => client.statuses().length === 1);
  client.socket.end();
  const behindFramework = await api.app.inject({ url: '/api/v1/endpoints' });
  const [head = '', body] = client.received.split('\r\n\r\n');
  expect(JSON.parse(body ?? '')).toEqual(behindFramework.json());
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(/: (.*)/s, 2)),
  );
  const { date, 'keep-alive': _, ...expected } = behindFramework.headers;
  expect(headers).toMatchObject({ ...expected, 'content-length': String(expected['content-length']) });
});

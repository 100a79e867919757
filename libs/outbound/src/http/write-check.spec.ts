import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createGuardedHttp } from './guarded-http.js';

it('a request that is refused after it was composed is not written, and the next one is', async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (data) => received.push(String(data))).on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { http, close } = createGuardedHttp({ deny: [] });
  const send = (body: string, beforeWrite?: () => void) =>
    http({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      method: 'POST',
      headers: {},
      body,
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      beforeWrite,
    });
  let looks = 0;
  const refuseFrom = (look: number) => () => {
    looks += 1;
    if (looks >= look) throw new Error('refused');
  };
  expect(await send('first')).toMatchObject({ status: 200 });
  await expect(send('composed', refuseFrom(2))).rejects.toThrow('refused');
  expect(looks).toBe(2);
  expect(await send('next', () => {})).toMatchObject({ status: 200 });
  expect(received).toEqual(['first', 'next']);
  await close();
  server.close();
});

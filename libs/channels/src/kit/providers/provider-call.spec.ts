import { expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../http/http-request.js';
import { postMessage, requestToken } from './provider-call.js';
import type { Provider } from './provider-outcome.js';

const PROVIDER: Provider = { name: 'Acme', codes: new Map(), read: () => ({ code: '0', text: '' }) };

it('waits for the body of an answer, because it contains the result', async () => {
  const requests: HttpRequest[] = [];
  const io = {
    async http(request: HttpRequest): Promise<HttpAnswer> {
      requests.push(request);
      return { status: 200, headers: {}, excerpt: '{"access_token":"t","expires_in":7200}' };
    },
    now: () => new Date(0),
  };
  expect(await postMessage(io, 'http://h/', '{}', PROVIDER)).toMatchObject({ kind: 'delivered' });
  expect(await requestToken(io, 'http://h/', PROVIDER)).toEqual({ value: 't', lifetimeMs: 7_200_000 });
  expect(requests.map(({ awaitsBody }) => awaitsBody)).toEqual([true, true]);
});

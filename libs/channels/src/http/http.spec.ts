import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Behaviour, type Receiver, startReceiver } from '../../test/receiver.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { SIGNING_SECRET } from './fake-provider.js';
import { http } from './index.js';

describe('http', () => {
  let receiver: Receiver;
  const testIo = createTestIo();
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.stop();
    await testIo.close();
  });

  /** Sends with a `render` that replaces every tag by the value. */
  async function send(settings: Record<string, unknown>, value = '', content = '{}') {
    const config = http.config.parse({ url: receiver.url, ...settings });
    const outcome = await http.send(
      testMessage(http, {
        title: 'T',
        content,
        deliveryId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        render: async (template, escaping) =>
          template.replaceAll(/\{\{.*?\}\}/g, escaping === 'url' ? encodeURIComponent(value) : value),
      }),
      { config, target: { id: 'url', label: '' } },
      testIo.io(undefined, new Date(1_614_265_330_999)),
    );
    return { outcome, request: receiver.requests.at(-1) };
  }

  it.each(['POST', 'PUT', 'PATCH'])('sends the content unchanged by %s', async (method) => {
    const { outcome, request } = await send({ method }, '', '温度 not JSON');
    expect(outcome).toEqual({ kind: 'delivered', code: '200', excerpt: 'ok' });
    expect(request).toMatchObject({ method, path: '/', body: '温度 not JSON' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '15',
      'user-agent': 'Tocsin',
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
    });
    expect(request?.headers).not.toHaveProperty('webhook-signature');
  });

  it('signs like the example in the specification of Standard Webhooks', async () => {
    const { request } = await send({ signingSecret: SIGNING_SECRET }, '', '{"test": 2432232314}');
    expect(request?.headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('prefers headers of the settings to its own, regardless of case', async () => {
    const { request } = await send({ headers: { 'Content-Type': 'text/plain', 'USER-AGENT': 'mine', 'X-a': 'b' } });
    expect(request?.headers).toMatchObject({ 'content-type': 'text/plain', 'user-agent': 'mine', 'x-a': 'b' });
  });

  it('renders values into headers, and no value can add a header', async () => {
    const { request } = await send({ headers: { 'X-Title': '{{ title }}!' } }, 'a\r\nX-Evil: 1\0温');
    expect(Buffer.from(String(request?.headers['x-title']), 'latin1').toString('utf8')).toBe('a X-Evil: 1 温!');
    expect(request?.headers).not.toHaveProperty('x-evil');
  });

  it('percent-encodes values in path and query', async () => {
    const { request } = await send({ url: `${receiver.url}/a/{{ object }}?o={{ object }}` }, 'x/../y?&#é');
    expect(request?.path).toBe('/a/x%2F..%2Fy%3F%26%23%C3%A9?o=x%2F..%2Fy%3F%26%23%C3%A9');
  });

  it.each(['.', '..', '%2e%2E'])('a value %s cannot change the path', async (value) => {
    const before = receiver.requests.length;
    const settings = { url: `${receiver.url}/a/{{ object }}/b` };
    // The last value is two dots that are encoded already.
    const { outcome } = await send(settings, value).catch(() => expect.unreachable());
    if (value.startsWith('.')) {
      expect(outcome).toMatchObject({ kind: 'rejected', code: 'URL' });
      expect(receiver.requests).toHaveLength(before);
    } else {
      expect(receiver.requests.at(-1)?.path).toBe('/a/%252e%252E/b');
    }
  });

  it('a 404 is rejected if the URL contains values of the message, else misconfigured', async () => {
    receiver.behave({ status: 404 });
    expect((await send({ url: `${receiver.url}/{{ object }}` }, 'x')).outcome.kind).toBe('rejected');
    expect((await send({ url: `${receiver.url}/x` })).outcome.kind).toBe('misconfigured');
  });

  it.each<[Behaviour, object]>([
    [{ status: 204 }, { kind: 'delivered', code: '204' }],
    [
      { status: 302, headers: { location: '/elsewhere' } },
      { kind: 'misconfigured', code: '302' },
    ],
    ['reset', { kind: 'unknown' }],
    ['close', { kind: 'unknown' }],
    ['hang', { kind: 'unknown', code: 'TIMEOUT' }],
  ])('the behaviour %j has its outcome', async (behaviour, expected) => {
    receiver.behave(behaviour);
    const before = receiver.requests.length;
    expect((await send({ timeout: '1s' })).outcome).toMatchObject(expected);
    expect(receiver.requests).toHaveLength(before + 1);
  });

  it('labels its target by scheme, host and port only', () => {
    const config = http.config.parse({ url: 'HTTPS://Example.com:8443/hook/secret?x=y' });
    expect(http.targets(config)).toMatchObject([{ id: 'url', label: 'https://example.com:8443' }]);
  });
});

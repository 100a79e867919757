import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NetworkFailure } from '#libs/network';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import { createEgressGuard } from '../egress/egress-guard.js';
import { createGuardedLookup } from '../egress/guarded-lookup.js';
import { createGuardedHttp, type GuardedHttp, type GuardedHttpOptions, type GuardedRequest } from './guarded-http.js';

const servers: Server[] = [];
const clients: GuardedHttp[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const receiver = (listener: RequestListener) => listen(createHttpServer(listener));
/** A server that sends raw bytes, which an HTTP server could not send. */
const speaker = (onSocket: (socket: Socket) => void) =>
  listen(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      onSocket(socket);
    }),
  );

function client(options: Partial<GuardedHttpOptions> = {}) {
  const guarded = createGuardedHttp({ deny: [], ...options });
  clients.push(guarded);
  return (url: string, request: Partial<GuardedRequest> = {}) =>
    guarded.http({
      url,
      method: 'POST',
      headers: {},
      body: '{}',
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      ...request,
    });
}
const failure = async (promise: Promise<unknown>): Promise<NetworkFailure> =>
  promise.then(
    () => expect.unreachable('there was an answer'),
    (error) => error,
  );
const timed = async <T>(promise: Promise<T>): Promise<[T, number]> => {
  const begin = performance.now();
  const value = await promise;
  return [value, performance.now() - begin];
};

describe('an answer', () => {
  it('has a status, headers in lower case and the beginning of the body', async () => {
    const port = await receiver((request, response) => {
      response.writeHead(418, { 'X-One': 'a', 'Set-Cookie': ['b', 'c'] });
      request.pipe(response);
    });
    const answer = await client()(`http://127.0.0.1:${port}/`, { body: 'é'.repeat(6_000) });
    expect(answer.status).toBe(418);
    expect(answer.headers).toMatchObject({ 'x-one': 'a', 'set-cookie': 'b, c' });
    expect(answer.excerpt).toBe('é'.repeat(4_096));
  });

  it('drops an incomplete character at the end of an excerpt, and replaces characters that cannot be stored', async () => {
    const port = await receiver((request, response) => request.pipe(response));
    const send = client();
    expect((await send(`http://127.0.0.1:${port}/`, { body: `a${'é'.repeat(6_000)}` })).excerpt).toBe(
      `a${'é'.repeat(4_095)}`,
    );
    expect((await send(`http://127.0.0.1:${port}/`, { body: 'a\0b\nc' })).excerpt).toBe('a\ufffdb\nc');
  });

  it.each<[string, string, Buffer, string]>([
    ['a small body is unpacked', 'GZIP', gzipSync('{"errcode":0}'), '{"errcode":0}'],
    ['a small body is unpacked', 'deflate', deflateSync('{"errcode":0}'), '{"errcode":0}'],
    ['a long body is cut off', 'x-gzip', gzipSync('é'.repeat(6_000)), 'é'.repeat(4_096)],
    ['a body that unpacks to a huge text stays packed', 'gzip', gzipSync('a'.repeat(1_000_000)), '(compressed: gzip)'],
    ['a broken body stays packed', 'gzip', gzipSync('{"errcode":0}').subarray(0, 20), '(compressed: gzip)'],
    ['another encoding stays packed', 'br', brotliCompressSync('{"errcode":0}'), '(compressed: br)'],
  ])('%s: %s', async (_what, encoding, body, excerpt) => {
    const port = await receiver((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect((await client()(`http://127.0.0.1:${port}/`)).excerpt).toBe(excerpt);
  });

  it('may have status 3xx: redirects are not followed', async () => {
    let requests = 0;
    const port = await receiver((_request, response) => {
      requests++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await client()(`http://127.0.0.1:${port}/`)).status).toBe(307);
    expect(requests).toBe(1);
  });

  it('with a small body leaves the connection open, one above the body limit closes it', async () => {
    const sockets = new Set<Socket>();
    const port = await receiver((request, response) => {
      sockets.add(request.socket);
      if (request.url === '/long') response.end('x'.repeat(1_000_000));
      else response.end('ok');
    });
    const send = client();
    const sendTwenty = async () => {
      for (let i = 0; i < 20; i++) await send(`http://127.0.0.1:${port}/`);
    };
    // Two, because a connection is free one turn of the event loop after its answer.
    await sendTwenty();
    expect(sockets.size).toBeLessThanOrEqual(2);
    const before = sockets.size;
    expect((await send(`http://127.0.0.1:${port}/long`)).excerpt).toHaveLength(8_192);
    await sendTwenty();
    expect(sockets.size).toBe(before + 1);
  });

  it('counts once its status is known: a slow body is cut off after a second', async () => {
    const port = await receiver((_request, response) => {
      response.write('begin');
      const drip = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(drip));
    });
    const [answer, ms] = await timed(client()(`http://127.0.0.1:${port}/`));
    expect(answer).toMatchObject({ status: 200, excerpt: expect.stringMatching(/^begin\.*$/) });
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(2_000);
  });

  it('is awaited with its body where the request asks for it, within the time limit of the request', async () => {
    const port = await receiver((request, response) => {
      response.write('begin');
      if (request.url === '/late') setTimeout(() => response.end(' and end'), 1_200);
    });
    const send = client();
    expect((await send(`http://127.0.0.1:${port}/late`, { awaitsBody: true })).excerpt).toBe('begin and end');
    const [answer, ms] = await timed(send(`http://127.0.0.1:${port}/never`, { awaitsBody: true, timeoutMs: 1_500 }));
    expect(answer).toMatchObject({ status: 200, excerpt: 'begin' });
    expect(ms).toBeGreaterThan(1_400);
  });

  it('counts although its body breaks off', async () => {
    const port = await receiver((_request, response) => {
      response.writeHead(201, { 'content-length': 100 });
      response.write('abc');
      setTimeout(() => response.destroy(), 50);
    });
    expect(await client()(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 201, excerpt: 'abc' });
  });

  it('is awaited through informational answers', async () => {
    const port = await receiver((_request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeHead(204).end();
    });
    expect((await client()(`http://127.0.0.1:${port}/`)).status).toBe(204);
  });
});

describe('no answer, and nothing was sent', () => {
  it('when the connection is refused', async () => {
    const port = await receiver(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = await failure(client()(`http://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ code: 'ECONNREFUSED', sent: false });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('when the name does not exist', async () => {
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND no-such-host.invalid'), { code: 'ENOTFOUND' });
    const send = client({ resolve: (_hostname, answer) => setImmediate(answer, gone) });
    expect(await failure(send('http://no-such-host.invalid/'))).toMatchObject({ code: 'ENOTFOUND', sent: false });
  });

  it('when the other side does not speak TLS', async () => {
    const port = await speaker((socket) => socket.end('hello'));
    expect(await failure(client()(`https://127.0.0.1:${port}/`))).toMatchObject({ sent: false });
  });

  it('when no connection came free in time', async () => {
    const port = await receiver(() => {});
    const send = client({ connectionsPerOrigin: 1 });
    const first = failure(send(`http://127.0.0.1:${port}/`, { timeoutMs: 400 }));
    const second = failure(send(`http://127.0.0.1:${port}/`, { timeoutMs: 200 }));
    expect(await second).toMatchObject({ code: 'TIMEOUT', sent: false });
    expect(await first).toMatchObject({ code: 'TIMEOUT', sent: true });
  });

  it('when it was aborted before it started, and it never starts', async () => {
    let requests = 0;
    const port = await receiver((_request, response) => {
      requests++;
      setTimeout(() => response.end(), 200);
    });
    const send = client({ connectionsPerOrigin: 1 });
    const abort = new AbortController();
    const first = send(`http://127.0.0.1:${port}/`);
    const second = failure(send(`http://127.0.0.1:${port}/`, { signal: abort.signal }));
    abort.abort();
    expect(await second).toMatchObject({ code: 'ABORTED', sent: false });
    expect((await first).status).toBe(200);
    expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(200);
    expect(requests).toBe(2);
    expect(await failure(send(`http://127.0.0.1:${port}/`, { signal: abort.signal }))).toMatchObject({ sent: false });
  });

  it('when the request cannot be made', async () => {
    const port = await receiver(() => {});
    const send = client();
    const expected = { code: 'INVALID_REQUEST', sent: false };
    expect(await failure(send(`http://127.0.0.1:${port}/`, { headers: { a: 'b\r\nc: d' } }))).toMatchObject(expected);
    expect(await failure(send('ftp://127.0.0.1/'))).toMatchObject(expected);
    expect(await failure(send('no url'))).toMatchObject(expected);
  });
});

describe('no answer, although something was sent', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['closes', (socket) => socket.once('data', () => socket.end()), 'UND_ERR_SOCKET'],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'ECONNRESET'],
    ['never answers', (socket) => socket.resume(), 'TIMEOUT'],
    ['speaks another protocol', (socket) => socket.write('220 mail.example ESMTP\r\n'), ''],
    ['never ends its headers', (socket) => socket.write(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(20_000)}`), ''],
    ['drips its headers', drip('HTTP/1.1 200 OK\r\nabc'), 'TIMEOUT'],
    [
      'sends informational answers without end',
      drip('HTTP/1.1 102 Processing\r\n\r\n', 'HTTP/1.1 102 P\r\n\r\n'),
      'TIMEOUT',
    ],
  ])('when the other side %s', async (_name, onSocket, code) => {
    const port = await speaker(onSocket);
    const [error, ms] = await timed(failure(client()(`http://127.0.0.1:${port}/`, { timeoutMs: 600 })));
    expect(error.sent).toBe(true);
    if (code) expect(error.code).toBe(code);
    expect(ms).toBeLessThan(1_200);
  });

  it('when it was aborted', async () => {
    const port = await receiver(() => {});
    const abort = new AbortController();
    const sent = failure(client()(`http://127.0.0.1:${port}/`, { signal: abort.signal }));
    setTimeout(() => abort.abort(), 50);
    expect(await sent).toMatchObject({ code: 'ABORTED', sent: true });
  });
});

function drip(begin: string, more = 'x'): (socket: Socket) => void {
  return (socket) => {
    socket.write(begin);
    const timer = setInterval(() => socket.write(more), 50);
    socket.on('close', () => clearInterval(timer));
  };
}

describe('the egress guard', () => {
  it.each([
    '127.0.0.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    'localhost',
    '[::]',
  ])('denies a request to %s', async (host) => {
    let connections = 0;
    const server = createTcpServer(() => connections++);
    servers.push(server);
    server.listen(0, '::');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const error = await failure(client({ deny: ['127.0.0.0/8', '::1/128'] })(`http://${host}:${port}/`));
    expect(error).toMatchObject({ name: 'EgressDeniedError', code: 'EGRESS_DENIED', sent: false });
    expect(connections).toBe(0);
  });

  const resolvesTo =
    (...addresses: string[]): GuardedHttpOptions['resolve'] =>
    (_hostname, answer) =>
      answer(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  it('connects to the receiver directly, regardless of proxies in the environment', async () => {
    const proxy = createTcpServer(() => expect.unreachable('connected to a proxy'));
    const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
    for (const name of ['http_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, proxyUrl);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    const port = await receiver((_request, response) => response.end());
    expect((await client()(`http://127.0.0.1:${port}/`)).status).toBe(200);
    vi.unstubAllEnvs();
  });

  it('denies a name that resolves to denied addresses, and the error names them', async () => {
    const send = client({ deny: ['169.254.0.0/16'], resolve: resolvesTo('169.254.169.254', '::ffff:169.254.0.1') });
    const error = await failure(send('http://metadata.example/'));
    expect(error.code).toBe('EGRESS_DENIED');
    expect(error.message).toContain('metadata.example (169.254.169.254, ::ffff:169.254.0.1)');
  });

  it('connects to the allowed addresses of a name only', async () => {
    const port = await receiver((_request, response) => response.end());
    const send = client({ deny: ['127.0.0.2/31'], resolve: resolvesTo('127.0.0.2', '127.0.0.3', '127.0.0.1') });
    const other = createTcpServer(() => expect.unreachable('connected to a denied address'));
    servers.push(other);
    other.listen(port, '127.0.0.2');
    await once(other, 'listening');
    expect((await send(`http://name.example:${port}/`)).status).toBe(200);
  });

  it('checks the addresses of a name each time it is resolved', async () => {
    const mayReach = createEgressGuard(['127.0.0.2/32']);
    const answers = ['127.0.0.1', '127.0.0.2'];
    const lookup = createGuardedLookup(mayReach, (_hostname, answer) =>
      answer(null, [{ address: answers.shift() ?? '', family: 4 }]),
    );
    const resolved = () =>
      new Promise((resolve) => lookup('rebinding.example', { all: true }, (error, all) => resolve(error ?? all)));
    expect(await resolved()).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await resolved()).toMatchObject({ code: 'EGRESS_DENIED' });
  });
});

describe('a receiver with TLS', () => {
  const secure = () => listen(createTlsServer(SERVER, (_request, response) => response.end('secret')));

  it('is trusted through the authority of the request, and through no other', async () => {
    const port = await secure();
    const send = client();
    expect((await send(`https://localhost:${port}/`, { caCert: AUTHORITY })).excerpt).toBe('secret');
    expect((await send(`https://127.0.0.1:${port}/`, { caCert: AUTHORITY })).status).toBe(200);
    const error = await failure(send(`https://localhost:${port}/`));
    expect(error).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', sent: false });
  });

  it('must have a certificate for the name in the URL', async () => {
    const port = await secure();
    const send = client({ resolve: (_hostname, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]) });
    const error = await failure(send(`https://other.example:${port}/`, { caCert: AUTHORITY }));
    expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', sent: false });
  });

  it('may be one of many with a custom authority each', async () => {
    const port = await secure();
    const send = client();
    // Blank lines make different texts, and so different pools, of one certificate.
    const answers = Array.from({ length: 80 }, (_, index) =>
      send(`https://localhost:${port}/`, { caCert: AUTHORITY + '\n'.repeat(index) }),
    );
    expect((await Promise.all(answers)).every((answer) => answer.status === 200)).toBe(true);
  });
});

it('keeps a hanging origin from delaying others', async () => {
  const hanging = await receiver(() => {});
  const quick = await receiver((_request, response) => response.end());
  const send = client();
  const abort = new AbortController();
  const stuck = Array.from({ length: 1_000 }, () =>
    failure(send(`http://127.0.0.1:${hanging}/`, { signal: abort.signal })),
  );
  const [, ms] = await timed(Promise.all(Array.from({ length: 100 }, () => send(`http://127.0.0.1:${quick}/`))));
  expect(ms).toBeLessThan(1_000);
  abort.abort();
  const failures = await Promise.all(stuck);
  expect(failures.filter((one) => one.sent).length).toBeLessThanOrEqual(256);
});

it('waits for open requests when closing, and refuses new ones', async () => {
  const port = await receiver((_request, response) => setTimeout(() => response.end('late'), 100));
  const guarded = createGuardedHttp({ deny: [] });
  const { signal } = new AbortController();
  const request: GuardedRequest = {
    url: `http://127.0.0.1:${port}/`,
    method: 'PUT',
    headers: {},
    body: '',
    timeoutMs: 1_000,
    signal,
  };
  const sent = guarded.http(request);
  const closed = guarded.close();
  expect(await failure(guarded.http(request))).toMatchObject({ code: 'CLOSED', sent: false });
  expect((await sent).excerpt).toBe('late');
  await closed;
});

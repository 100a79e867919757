import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type IssuedToken, NotIssued, type TokenRequest } from '#libs/channels';
import { createAccessTokenStore, createSharedAccessTokens } from '#libs/outbound';
import { createRedis, type RedisClient } from '#libs/redis';
import { createKeyedHash, createSecretBox } from '#libs/security';
import { monitorRedis, sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';

const KEY = Buffer.alloc(32, 5);

/** A provider that issues tokens, and accepts only the newest token of a credential. */
class Provider {
  readonly issued: string[] = [];
  readonly current = new Map<string, string>();
  private readonly server = createServer((request, response) => {
    const [, what, credential = '', token = ''] = (request.url ?? '').split('/');
    if (what === 'token') {
      const token = `${credential}-${randomUUID()}`;
      this.issued.push(token);
      this.current.set(credential, token);
      setTimeout(() => response.end(token), 50);
    } else {
      response.writeHead(this.current.get(credential) === token ? 200 : 401).end();
    }
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private ask(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`);
  }

  issue = async (credential: string, lifetimeMs = 7_200_000): Promise<IssuedToken> => ({
    value: await (await this.ask(`/token/${credential}`)).text(),
    lifetimeMs,
  });

  takes = async (credential: string, token: string): Promise<boolean> =>
    (await this.ask(`/send/${credential}/${token}`)).ok;

  stop = async (): Promise<void> => {
    this.server.closeAllConnections();
    this.server.close();
  };
}

const provider = new Provider();
await provider.start();
const connections: RedisClient[] = [];
const redis = connect();

afterAll(async () => {
  for (const connection of connections) connection.disconnect();
  await provider.stop();
});
beforeEach(async () => {
  await redis.flushdb();
  provider.issued.length = 0;
});

function connect(url = sharedRedisUrl(12), purpose: 'work' | 'answer' = 'work'): RedisClient {
  const connection = createRedis({ kind: 'single', url }, purpose);
  connections.push(connection);
  return connection;
}

/** The access tokens of one process, over a connection of its own. */
function processTokens(
  connection = connect(),
  { signal = new AbortController().signal, errors = [] as unknown[] } = {},
) {
  const shared = createSharedAccessTokens({
    redis: connection,
    box: createSecretBox(KEY),
    nameOf: createKeyedHash(KEY, 'tokens'),
    process: randomUUID(),
    onError: (error) => errors.push(error),
  });
  return createAccessTokenStore({ shared, sleep, now: () => performance.now(), signal });
}

type Store = ReturnType<typeof processTokens>;

/** One send, as channels do it: repeated with another token if the first is refused. */
async function send(tokens: Store, credential: string): Promise<boolean> {
  const request: TokenRequest = { credential, issue: () => provider.issue(credential) };
  const token = await tokens(request);
  if (await provider.takes(credential, token)) return true;
  return provider.takes(credential, await tokens({ ...request, refused: token }));
}

it('1,000 sends in 8 processes request one token a credential, and one more when all tokens are refused', async () => {
  const processes = Array.from({ length: 8 }, () => processTokens());
  const sendAll = () =>
    Promise.all(Array.from({ length: 1_000 }, (_, i) => send(processes[i % 8] as Store, i % 16 < 8 ? 'one' : 'two')));
  expect(await sendAll()).not.toContain(false);
  expect(provider.issued.map((token) => token.slice(0, 3)).sort()).toEqual(['one', 'two']);

  provider.current.clear();
  expect(await sendAll()).not.toContain(false);
  expect(provider.issued).toHaveLength(4);
});

it('a send with a known token makes no call to Redis', async () => {
  const tokens = processTokens();
  await send(tokens, 'a');
  const calls: string[] = [];
  const monitor = await monitorRedis(sharedRedisUrl(12), ({ first }) => calls.push(first));
  for (let i = 0; i < 20; i++) expect(await send(tokens, 'a')).toBe(true);
  await redis.get('the end');
  await waitFor(() => calls.includes('the end'));
  monitor.stop();
  expect(calls).toEqual(['the end']);
});

it('Redis stores neither a credential nor a token in clear text', async () => {
  await send(processTokens(), 'the-secret-credential');
  const [token = ''] = provider.issued;
  const keys = await redis.keys('*');
  expect(keys).toHaveLength(1);
  const kept = `${keys[0]} ${await redis.get(keys[0] ?? '')}`;
  for (const secret of ['the-secret-credential', token]) expect(kept).not.toContain(secret);
  expect(await redis.pttl(keys[0] ?? '')).toBeGreaterThan(6_890_000);
  expect(await redis.pttl(keys[0] ?? '')).toBeLessThanOrEqual(6_900_000);
});

it('when the requesting process dies, another requests the token within seconds', async () => {
  const doomed = connect();
  const asked = Promise.withResolvers<void>();
  const hang = (): Promise<never> => {
    asked.resolve();
    return new Promise(() => {});
  };
  void processTokens(doomed)({ credential: 'c', issue: hang }).catch(() => {});
  await asked.promise;
  const began = performance.now();
  const waiting = Array.from({ length: 3 }, () => send(processTokens(), 'c'));
  doomed.disconnect();
  expect(await Promise.all(waiting)).toEqual([true, true, true]);
  expect(performance.now() - began).toBeLessThan(6_000);
  expect(provider.issued).toHaveLength(1);
});

it('a slow provider receives one request', async () => {
  const slow = processTokens();
  const [first, ...others] = [slow, processTokens(), processTokens()].map((tokens) =>
    tokens({ credential: 'c', issue: () => sleep(4_000).then(() => provider.issue('c')) }),
  );
  expect(await Promise.all(others)).toEqual([await first, await first]);
  expect(provider.issued).toHaveLength(1);
});

it('a refusal reaches all that wait, in every process, and pauses requests to the provider', async () => {
  let asked = 0;
  const outcome = { kind: 'misconfigured', code: '40001', message: 'invalid credential' } as const;
  const refusing = (credential: string): TokenRequest => ({
    credential,
    issue: async () => {
      asked += 1;
      await sleep(50);
      throw new NotIssued(outcome);
    },
  });
  const processes = Array.from({ length: 4 }, () => processTokens());
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (processes[i % 4] as Store)(refusing('bad')).catch((error) => error)),
  );
  for (const result of results) expect(result).toMatchObject({ name: 'NotIssued', outcome });
  expect(asked).toBe(1);
  const again = () => (processes[0] as Store)({ credential: 'bad', issue: () => provider.issue('bad') });
  expect(await waitFor(() => again().catch(() => undefined))).toBe(provider.issued[0]);
});

it('a request that is aborted with its process is not shared as a refusal', async () => {
  const ending = new AbortController();
  const aborted = processTokens(undefined, { signal: ending.signal })({
    credential: 'c',
    issue: async () => {
      ending.abort();
      throw new NotIssued({ kind: 'unavailable', message: 'given up' });
    },
  });
  await expect(aborted).rejects.toThrow('given up');
  expect(await send(processTokens(), 'c')).toBe(true);
});

it.each(['work', 'answer'] as const)('without Redis a process (%s) requests one token by itself', async (purpose) => {
  const errors: unknown[] = [];
  const tokens = processTokens(connect('redis://127.0.0.1:1', purpose), { errors });
  expect(await Promise.all([send(tokens, 'c'), send(tokens, 'c')])).toEqual([true, true]);
  expect(await send(tokens, 'c')).toBe(true);
  expect(provider.issued).toHaveLength(1);
  expect(errors).not.toHaveLength(0);
});

it('a full Redis still shares tokens', async () => {
  const full = await startRedis({ maxmemory: '3mb' });
  const connection = connect(full.url);
  const fill = async (): Promise<void> => {
    for (let i = 0; ; i++) await connection.set(`filler ${i}`, 'x'.repeat(10_000));
  };
  await expect(fill()).rejects.toThrow('OOM');
  const errors: unknown[] = [];
  for (const tokens of [processTokens(connection, { errors }), processTokens(connect(full.url), { errors })]) {
    expect(await send(tokens, 'c')).toBe(true);
  }
  expect(provider.issued).toHaveLength(1);
  expect(errors).toEqual([]);
  connection.disconnect();
  await full.stop();
});

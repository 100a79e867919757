import { fileURLToPath } from 'node:url';
import type { InjectOptions } from 'fastify';
import { expect } from 'vitest';
import type { ExpiryClock } from '#libs/alerts';
import { loadConfig, requireServerConfig } from '#libs/config';
import { migrate } from '#libs/persistence';
import { createKeyVerifier, type Principal } from '#libs/security';
import type { EndpointTester } from '#libs/settings';
import { createLogger } from '#libs/telemetry';
import { createApp } from '../../../apps/api/src/create-app.js';
import { createDeps } from '../../../apps/api/src/create-deps.js';
import { type ServerLimits, serverLimits } from '../../../apps/api/src/server/server-limits.js';
import { createDatabase, sharedRedisUrl, waitFor } from '../../support/index.js';

/** The built console; the API itself runs from its sources here. */
const CONSOLE = fileURLToPath(new URL('../../../dist/apps/console/public/', import.meta.url));

export const KEY = 'test-admin-key-0123456789';
const TEAM_KEYS: Record<string, Principal> = {
  'viewer-key': { keyName: 'v', role: 'viewer', team: 'default' },
  'member-key': { keyName: 'm', role: 'member', team: 'default' },
  'admin-key-of-team': { keyName: 'a', role: 'team-admin', team: 'default' },
  'ingest-key': { keyName: 'i', role: 'ingest', team: 'default' },
};

/** A document of any shape; tests read single members of it and assert them. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  json: Json;
}

interface Options {
  databaseUrl?: string;
  redisUrl?: string;
  metricsAuth?: boolean;
  tester?: EndpointTester;
  expiryClock?: ExpiryClock;
  skipMigration?: boolean;
  env?: Record<string, string>;
  limits?: Partial<ServerLimits>;
}

/** The API with its own database, called without a network. */
export async function openApi(options: Options = {}) {
  const databaseUrl = options.databaseUrl ?? (await createDatabase());
  if (!options.skipMigration) await migrate(databaseUrl);
  const config = requireServerConfig(
    loadConfig({
      DATABASE_URL: databaseUrl,
      REDIS_URL: options.redisUrl ?? sharedRedisUrl(7),
      TOCSIN_ADMIN_KEY: KEY,
      TOCSIN_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
      ...options.env,
    }),
    'api',
  );
  const parts = createDeps(config, createLogger('api', 'silent'));
  const admin = createKeyVerifier(KEY);
  const app = await createApp({
    ...parts,
    consoleFolder: CONSOLE,
    ...(options.tester && { tester: options.tester }),
    ...(options.expiryClock && { expiry: { ...parts.expiry, clock: options.expiryClock } }),
    verifyKey: (key) => admin(key) ?? TEAM_KEYS[key],
    metricsAuth: options.metricsAuth ?? false,
    ...(options.limits && { limits: { ...serverLimits(), ...options.limits } }),
  });

  async function send(
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isText = typeof body === 'string' || body instanceof Buffer;
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: isText ? (body as string) : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: isJson && answer.body !== '' ? JSON.parse(answer.body) : undefined,
    };
  }

  return {
    app,
    parts,
    databaseUrl,
    send,
    get: (url: string, headers?: Record<string, string>) => send('GET', url, undefined, headers),
    post: (url: string, body: unknown, headers?: Record<string, string>) => send('POST', url, body, headers),
    patch: (url: string, body: unknown, headers?: Record<string, string>) => send('PATCH', url, body, headers),
    delete: (url: string, headers?: Record<string, string>) => send('DELETE', url, undefined, headers),
    as: (key: string) => ({ authorization: `Bearer ${key}` }),
    close: () => app.close(),
  };
}

export type Api = Awaited<ReturnType<typeof openApi>>;

/** Waits until the API is ready and creates an endpoint that no worker serves; returns its id. */
export async function openSink(api: Api, policies: readonly string[] = ['*']): Promise<string> {
  await waitFor(async () => (await api.get('/readyz')).status === 200, { what: 'readiness' });
  const config = { url: 'http://127.0.0.1:9/' };
  const made = await api.post('/api/v1/endpoints', { name: 'sink', channel: 'http', config, policies });
  expect(made.status).toBe(201);
  return made.json.id;
}

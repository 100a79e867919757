import { Redis } from 'ioredis';
import { freePort } from '../../dist/apps/standalone/src/free-port.js';
import { makeAdminKey, makeSecretKey } from '../../dist/apps/standalone/src/keys.js';
import { startNodePart } from '../../dist/apps/standalone/src/node-part.js';
import { untilReady } from '../../dist/apps/standalone/src/readiness.js';
import { outcomesKey, SHARDS } from '../../dist/libs/mailbox/src/index.js';
import { waitFor } from './wait-for.mjs';

/** One API process and one worker process of Tocsin. */
export async function startTocsin(servers, receiverUrl, profiles) {
  const { folder } = servers;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${makeAdminKey()}`, 'content-type': 'application/json' };
  const env = {
    PATH: process.env.PATH,
    PORT: String(port),
    REDIS_URL: servers.redisUrl,
    DATABASE_URL: servers.databaseUrl,
    TOCSIN_DATA_DIR: folder.root,
    TOCSIN_ADMIN_KEY: headers.authorization.slice('Bearer '.length),
    TOCSIN_SECRET_KEY: makeSecretKey(),
    TOCSIN_STANDALONE: '1',
    TOCSIN_LOG_LEVEL: 'warn',
  };
  const start = (name, script, more = {}) => startNodePart({ name, script, env: { ...env, ...more }, folder });
  const profiled = profiles && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` };
  const migrated = await (await start('migration', 'dist/apps/api/src/migrate.js')).exit;
  if (migrated !== 'exit code 0') throw new Error(`the migration ended with ${migrated}`);
  const parts = [
    await start('api', 'dist/apps/api/src/main.js', profiled),
    await start('worker', 'dist/apps/worker/src/main.js', profiled),
  ];
  const redis = new Redis({ path: servers.redisSocket });
  const stop = async () => {
    redis.disconnect();
    await Promise.all(parts.map((part) => part.stop()));
  };
  try {
    await untilReady(url, 30_000, () => (parts[0].hasExited() ? 'the API ended' : undefined));
    const config = { url: receiverUrl };
    await addEndpoint(url, headers, { name: 'repeats', config, pushPeriod: '1h', policies: ['repeat'] });
    await addEndpoint(url, headers, { name: 'all', config, pushPeriod: '0s', policies: ['new'] });
  } catch (error) {
    await stop();
    throw error;
  }

  async function unrecorded() {
    const lengths = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => redis.xlen(outcomesKey(shard))));
    return lengths.reduce((sum, length) => sum + length, 0);
  }
  return {
    name: 'Tocsin',
    port,
    path: '/api/v1/events',
    headers,
    body: (alerts) => alerts,
    /** The delivery log is written after the deliveries; the next system is not to compete with that. */
    rest: () => waitFor(async () => (await unrecorded()) === 0, 60_000, 'the delivery log to be written'),
    stop,
  };
}

export async function addEndpoint(url, headers, settings) {
  const response = await fetch(`${url}/api/v1/endpoints`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ channel: 'http', ...settings }),
  });
  if (!response.ok) throw new Error(`an endpoint was answered with ${response.status} ${await response.text()}`);
}

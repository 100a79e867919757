import type { TestProject } from 'vitest/node';
import { DATABASES_EACH, WORKERS_MAX } from './redis-databases.js';
import { startPostgres } from './start-postgres.js';
import { startRedis } from './start-redis.js';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
    postgresUrl: string;
  }
}

/** One Redis and one PostgreSQL for all integration specs of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [redis, postgres] = await Promise.all([
    startRedis({ appendonly: true, databases: (WORKERS_MAX + 1) * DATABASES_EACH }),
    startPostgres(),
  ]);
  project.provide('redisUrl', redis.url);
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
  };
}

import { inject } from 'vitest';
import { createDatabaseOn } from './databases.js';
import { databaseOf } from './redis-databases.js';

/** A database, from 0 to 15, of the Redis that all integration specs share; a worker runs its files one by one. */
export const sharedRedisUrl = (database = 0): string =>
  `${inject('redisUrl')}/${databaseOf(Number(process.env.VITEST_POOL_ID ?? 0), database)}`;

/** A new empty SQL database on the shared PostgreSQL. */
export const createDatabase = (): Promise<string> => createDatabaseOn(inject('postgresUrl'));

import { inject } from 'vitest';
import { createDatabaseOn } from './databases.js';

/** The Redis that all integration specs share; a spec takes a database number or a key prefix of its own. */
export const sharedRedisUrl = (database = 0): string => `${inject('redisUrl')}/${database}`;

/** An empty SQL database of one's own on the shared PostgreSQL. */
export const createDatabase = (): Promise<string> => createDatabaseOn(inject('postgresUrl'));

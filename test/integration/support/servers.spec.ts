import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  sharedRedisUrl,
  startPostgres,
  startRedis,
  type TestPostgres,
  type TestRedis,
} from '../../support/index.js';

describe('the Redis of a test', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis({ appendonly: true });
  });
  afterAll(() => redis.stop());

  it('keeps its address and its data through a restart', async () => {
    const client = new Redis(redis.url);
    await client.set('a', '1');
    const { pid } = redis;
    await redis.restart();
    expect(redis.pid).not.toBe(pid);
    expect(await client.get('a')).toBe('1');
    await redis.flush();
    expect(await client.get('a')).toBeNull();
    client.disconnect();
  });

  it('loads a file whose end a kill cut off', async () => {
    const client = new Redis(redis.url);
    await client.set('b', '2');
    await client.call('CONFIG', 'SET', 'appendfsync', 'always');
    for (let n = 0; n < 100; n++) await client.set(`key-${n}`, 'x'.repeat(n));
    await redis.kill9();
    await redis.restart();
    expect(await client.get('key-99')).toHaveLength(99);
    client.disconnect();
  });
});

describe('the PostgreSQL of a test', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 30_000);
  afterAll(() => postgres.stop());

  async function query(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('keeps address and data through a kill', async () => {
    await query('CREATE TABLE t AS SELECT 42 AS n');
    await postgres.kill9();
    await postgres.restart();
    expect(await query('SELECT n FROM t')).toEqual([{ n: 42 }]);
  });

  it('supports upper case beyond ASCII', async () => {
    expect(await query(`SELECT upper('äé') AS u`)).toEqual([{ u: 'ÄÉ' }]);
  });
});

describe('the shared servers', () => {
  it('provide a Redis and empty databases', async () => {
    const client = new Redis(sharedRedisUrl(3));
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
    const [one, two] = await Promise.all([createDatabase(), createDatabase()]);
    expect(one).not.toBe(two);
  });
});

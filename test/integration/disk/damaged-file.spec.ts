import { closeSync, openSync, readdirSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createRedis, type RedisClient } from '#libs/redis';
import { repairAppendFiles } from '../../../apps/standalone/src/repair-append-files.js';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';

let server: TestRedis | undefined;
let redis: RedisClient | undefined;
afterEach(async () => {
  redis?.disconnect();
  await server?.stop();
});

it('a Redis whose file has a hole and an incomplete end loads it after the repair', async () => {
  server = await startRedis({ appendonly: true });
  redis = createRedis({ kind: 'single', url: server.url }, 'work');
  await redis.set('before', '1');
  await server.kill9();
  const file = join(server.folder, 'appendonlydir', 'appendonly.aof.1.incr.aof');
  const bytes = statSync(file).size;
  truncateSync(file, bytes + 3_000);
  const fd = openSync(file, 'a');
  writeSync(fd, '*3\r\n$3\r\nSET\r\n$6\r\nbehind\r\n$1\r\n2\r\n*3\r\n$3\r\nSET\r\n$3\r\ncut');
  closeSync(fd);
  await expect(server.restart()).rejects.toThrow('Redis does not start');
  const said: string[] = [];
  await repairAppendFiles(server.folder, (text) => said.push(text));
  expect(said.join()).toContain(`a hole of 3000 zero bytes at byte ${bytes}`);
  expect(readdirSync(server.folder).filter((name) => name.startsWith('damaged-'))).toHaveLength(1);
  await server.restart();
  const client = redis;
  await waitFor(() => client.status === 'ready', { what: 'the connection' });
  expect(await client.mget('before', 'behind', 'cut')).toEqual(['1', '2', null]);
});

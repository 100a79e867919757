import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresPlace, postgresUrl, startPostgres } from '../../../apps/standalone/src/embedded-postgres.js';
import { findRedis } from '../../../apps/standalone/src/find-redis.js';
import { freePort } from '../../../apps/standalone/src/free-port.js';
import { endLeftovers } from '../../../apps/standalone/src/leftovers.js';
import { readLivePid, writePidFile } from '../../../apps/standalone/src/pid-file.js';
import { findPostgres } from '../../../apps/standalone/src/postgres-binaries.js';
import { type RedisPlace, redisUrl, startRedis } from '../../../apps/standalone/src/private-redis.js';
import { isAlive, processesIn } from '../../../apps/standalone/src/process-table.js';
import { createDatabaseOn } from '../../support/databases.js';

const root = mkdtempSync(join(tmpdir(), 'tocsin-own-'));
chmodSync(root, 0o711);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function makeFolder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

describe('the private Redis', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    const folder = makeFolder('redis');
    place = {
      program: await findRedis({
        path: process.env.PATH ?? '',
        cacheFolders: [resolve(import.meta.dirname, '../../../.cache')],
        say: () => {},
      }),
      folder,
      listen: { socket: join(folder, 'r.sock') },
      logFile: join(folder, 'log'),
      pidFile: join(folder, 'redis.pid'),
    };
  });

  it('is reached by its socket alone, stores its data in a file, and never evicts data', async () => {
    const server = await startRedis(place);
    expect(readLivePid(place.pidFile as string)).toBe(server.pid);
    const client = new Redis(redisUrl(place.listen));
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await client.config('GET', 'port')).toEqual(['port', '0']);
    await client.set('kept', 'yes');
    client.disconnect();
    await server.stop();
    expect(readLivePid(place.pidFile as string)).toBeUndefined();
  });

  it('starts on a file whose last record is incomplete', async () => {
    const folder = join(place.folder, 'appendonlydir');
    const last = readdirSync(folder).find((name) => name.endsWith('.incr.aof')) as string;
    truncateSync(join(folder, last), statSync(join(folder, last)).size - 3);
    const server = await startRedis(place);
    expect(server.hasExited()).toBe(false);
    await server.stop();
  });

  it('names its log when it does not start', async () => {
    const broken = { ...place, folder: makeFolder('broken'), listen: { socket: join(root, 'x'.repeat(200)) } };
    await expect(startRedis(broken)).rejects.toThrow(/Redis does not start .* log: /);
  });
});

describe('the embedded PostgreSQL', () => {
  let place: PostgresPlace;
  beforeAll(async () => {
    const binaries = findPostgres();
    if (!binaries) throw new Error('not installed');
    const logFile = join(root, 'postgres.log');
    place = { binaries, folder: join(root, 'postgres'), port: await freePort(), password: 'pass word/?', logFile };
  });
  const data = (): string => join(place.folder, 'data');

  it('starts again after a kill, even if its lock file names a live process', async () => {
    const server = await startPostgres(place);
    for (const pid of processesIn(data())) process.kill(pid, 'SIGKILL');
    await server.exit;
    writeFileSync(join(data(), 'postmaster.pid'), `${process.pid}\n${data()}\n`);
    const again = await startPostgres(place);
    await createDatabaseOn(postgresUrl(place));
    await again.stop();
  });

  it('stops a server that an earlier start left on its folder', async () => {
    const orphan = await startPostgres(place);
    const port = await freePort();
    const server = await startPostgres({ ...place, port });
    expect(await orphan.exit).toBeDefined();
    await server.stop();
    expect(processesIn(data())).toEqual([]);
  });

  it('creates its folder again if that was interrupted', async () => {
    const folder = join(root, 'half');
    mkdirSync(join(folder, 'data.new'), { recursive: true });
    writeFileSync(join(folder, 'data.new/PG_VERSION'), '');
    const server = await startPostgres({ ...place, folder, port: await freePort() });
    await server.stop();
  });

  it('requires its password', async () => {
    const server = await startPostgres(place);
    await expect(createDatabaseOn(postgresUrl({ ...place, password: 'guess' }))).rejects.toThrow(/password/);
    await server.stop();
  });
});

describe('leftovers of a killed start', () => {
  function startStubborn(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [
      '-e',
      'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e3)',
    ]);
    return new Promise((resolve) => child.stdout.once('data', () => resolve(child)));
  }

  it('are stopped, also if they ignore SIGTERM, and no other process is', async () => {
    const pids = makeFolder('pids');
    const [stubborn, innocent] = await Promise.all([startStubborn(), startStubborn()]);
    writePidFile(join(pids, 'worker-1.pid'), stubborn.pid as number);
    writeFileSync(join(pids, 'api.pid'), JSON.stringify({ pid: innocent.pid, mark: 'another boot/1' }));
    expect(await endLeftovers(pids)).toEqual(['worker-1']);
    expect(isAlive(stubborn.pid as number)).toBe(false);
    expect(isAlive(innocent.pid as number)).toBe(true);
    innocent.kill('SIGKILL');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findRedis } from '../../apps/standalone/src/find-redis.js';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { askRedis, redisUrl, startRedis as startServer } from '../../apps/standalone/src/private-redis.js';
import type { RedisProgram } from '../../apps/standalone/src/redis-program.js';

export interface TestRedis {
  /** `redis://127.0.0.1:<port>`, the same after a restart. */
  readonly url: string;
  /** Folder of its data and its log. */
  readonly folder: string;
  readonly pid: number;
  /** Sends SIGKILL; settles when the process has ended. */
  kill9(): Promise<void>;
  /** Restarts it on its data; stops it first if it still runs. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** Deletes all data: FLUSHALL. */
  flush(): Promise<void>;
}

interface RedisOptions {
  appendonly?: boolean;
  maxmemory?: string;
  databases?: number;
  /** Folder for its data and its log; by default the one of temporary files. */
  at?: string;
}

let program: Promise<RedisProgram> | undefined;

/** A real Redis on a free port with its data in a temporary folder. */
export async function startRedis({
  appendonly = false,
  maxmemory = '0',
  databases = 16,
  at,
}: RedisOptions = {}): Promise<TestRedis> {
  program ??= findRedis({
    path: process.env.PATH ?? '',
    cacheFolders: [resolve(import.meta.dirname, '../../.cache')],
    say: (text) => console.log(text),
  });
  const folder = mkdtempSync(join(at ?? tmpdir(), 'tocsin-redis-'));
  const listen = { port: await freePort() };
  const place = {
    program: await program,
    folder,
    listen,
    logFile: join(folder, 'redis.log'),
    appendOnly: appendonly,
    maxMemory: maxmemory,
    databases,
  };
  let server = await startServer(place);
  return {
    url: redisUrl(listen),
    folder,
    get pid() {
      return server.pid;
    },
    async kill9() {
      server.kill('SIGKILL');
      await server.exit;
    },
    async restart() {
      if (!server.hasExited()) await server.stop();
      server = await startServer(place);
    },
    async stop() {
      if (!server.hasExited()) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    async flush() {
      const answer = await askRedis(listen, 'FLUSHALL');
      if (!answer?.startsWith('+OK')) throw new Error(`FLUSHALL was answered by ${answer}`);
    },
  };
}

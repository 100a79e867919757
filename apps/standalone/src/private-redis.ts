import { createConnection } from 'node:net';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisProgram } from './redis-program.js';
import { type ServerProcess, startServer } from './server-process.js';

export interface RedisPlace {
  program: RedisProgram;
  /** Folder of the append-only file; must exist. */
  folder: string;
  /** A Unix socket (at most 107 bytes), or a port of the loopback address. */
  listen: { socket: string } | { port: number };
  logFile: string;
  pidFile?: string;
  /** Whether writes survive the death of Redis; true by default. */
  appendOnly?: boolean;
  maxMemory?: string;
  /** Number of databases; Redis' default is 16. */
  databases?: number;
}

/** Time for loading a long append-only file; a server that neither answers nor ends by then is stuck. */
const READY_WITHIN_MS = 120_000;
const POLL_MS = 10;

export const redisUrl = (listen: RedisPlace['listen']): string =>
  'socket' in listen ? `unix://${listen.socket}` : `redis://127.0.0.1:${listen.port}`;

/** Starts a Redis and waits until it has loaded its data and answers. */
export async function startRedis(place: RedisPlace): Promise<ServerProcess> {
  const { program } = place;
  const server = await startServer({
    name: 'Redis',
    command: program.command,
    args: redisOptions(place),
    cwd: place.folder,
    env: program.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: program.libraryPath },
    deathSignal: 'SIGTERM',
    stopSignals: [['SIGTERM', 15_000]],
    logFile: place.logFile,
    pidFile: place.pidFile,
  });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await serves(place.listen, server.pid))) {
    if (server.hasExited()) throw new Error(`Redis does not start (${await server.exit}); its log: ${place.logFile}`);
    if (performance.now() > deadline) {
      await server.stop();
      throw new Error(`Redis does not answer; its log: ${place.logFile}`);
    }
    await sleep(POLL_MS);
  }
  return server;
}

function redisOptions(place: RedisPlace): string[] {
  const listen: Record<string, string> =
    'socket' in place.listen
      ? { port: '0', unixsocket: place.listen.socket, unixsocketperm: '700' }
      : { port: String(place.listen.port), bind: '127.0.0.1' };
  const options: Record<string, string> = {
    ...listen,
    dir: place.folder,
    daemonize: 'no',
    // A change is on disk within a second; only a power cut can lose that second.
    appendonly: place.appendOnly === false ? 'no' : 'yes',
    appendfsync: 'everysec',
    // The last record of a killed process may be incomplete; everything before it counts.
    'aof-load-truncated': 'yes',
    save: '',
    // Redis must refuse writes instead of evicting, and must leave memory to the machine. Tocsin refuses events before.
    'maxmemory-policy': 'noeviction',
    maxmemory: place.maxMemory ?? String(Math.floor(totalmem() / 2)),
    ...(place.databases !== undefined && { databases: String(place.databases) }),
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Whether this Redis serves; while it loads its file it answers with an error. */
async function serves(listen: RedisPlace['listen'], pid: number): Promise<boolean> {
  if (!(await askRedis(listen, 'PING'))?.startsWith('+PONG')) return false;
  return (await askRedis(listen, 'INFO server'))?.includes(`process_id:${pid}\r`) === true;
}

/** Sends one inline command and returns the beginning of the answer; undefined without one. */
export function askRedis(listen: RedisPlace['listen'], command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(
      'socket' in listen ? { path: listen.socket } : { port: listen.port, host: '127.0.0.1' },
    );
    const finish = (answer: string | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => finish(data.toString('utf8')));
    socket.once('close', () => finish(undefined));
  });
}

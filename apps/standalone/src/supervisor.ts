import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config, Environment } from '#libs/config';
import { faultOf } from '#libs/redis';
import { type DataFolder, openDataFolder, socketFolder } from './data-folder.js';
import { postgresUrl, startPostgres } from './embedded-postgres.js';
import { findRedis } from './find-redis.js';
import { takeLock } from './folder-lock.js';
import { freePort, listenProblem } from './free-port.js';
import { type KeptPart, keepRunning } from './kept-running.js';
import { keptAdminKey, keptKey, makePassword, makeSecretKey } from './keys.js';
import { endLeftovers } from './leftovers.js';
import { startNodePart } from './node-part.js';
import { findPostgres } from './postgres-binaries.js';
import { redisUrl, startRedis } from './private-redis.js';
import { localUrl, untilReady, untilUp } from './readiness.js';
import { repairAppendFiles } from './repair-append-files.js';
import { cacheFolders } from './repository.js';
import type { ServerProcess } from './server-process.js';
import { watchSocket } from './watch-socket.js';

const MIGRATE = 'dist/apps/api/src/migrate.js';
const API = 'dist/apps/api/src/main.js';
const WORKER = 'dist/apps/worker/src/main.js';
const READY_WITHIN_MS = 60_000;
/** Deaths before the first successful start after which the supervisor gives up. */
const DEATHS_MAX = 3;

export interface RunningSystem {
  url: string;
  dataFolder: string;
  /** Undefined if an environment variable sets it. */
  adminKey: { key: string; file: string } | undefined;
  stop(): Promise<void>;
}

/** Starts the whole system on one machine, in the order of its dependencies. */
export async function startSystem(
  config: Config,
  env: Environment,
  stopping: AbortSignal,
  say: (text: string) => void,
): Promise<RunningSystem> {
  const folder = openDataFolder(config.dataDir);
  const lock = await takeLock(folder.lock);
  /** Processes in the order of their start; stopped in reverse. */
  const stages: KeptPart[][] = [];
  const stop = async (): Promise<void> => {
    lock.announceStop();
    for (const parts of stages.splice(0).reverse()) await Promise.all(parts.map((part) => part.stop()));
    rmSync(dirname(folder.redisSocket), { recursive: true, force: true });
    lock.release();
  };
  try {
    for (const name of await endLeftovers(folder.pids)) say(`stopped the ${name} that an earlier start left`);
    const port = await choosePort(config);
    const adminKey = config.adminKey ?? keptAdminKey(folder.adminKey);
    const secretKey = config.secretKey?.toString('base64') ?? keptKey(folder.secretKey, makeSecretKey);

    stopping.throwIfAborted();
    const servers = await startServers(config, env, folder, stages, say);
    const childEnv: Environment = {
      ...env,
      ...servers,
      PORT: String(port),
      TOCSIN_DATA_DIR: folder.root,
      TOCSIN_ADMIN_KEY: adminKey,
      TOCSIN_SECRET_KEY: secretKey,
      TOCSIN_STANDALONE: '1',
    };

    stopping.throwIfAborted();
    const migration = await startNodePart({ name: 'migration', script: MIGRATE, env: childEnv, folder });
    const how = await migration.exit;
    if (how !== 'exit code 0') throw new Error(`the database could not be migrated (${how}); see above`);

    stopping.throwIfAborted();
    const up = new Set<string>();
    const keepNode = (name: string, script: string): Promise<KeptPart> =>
      keepRunning(name, () => startNodePart({ name, script, env: childEnv, folder, onUp: () => up.add(name) }), say);
    const programs = [await keepNode('api', API)];
    stages.push(programs);
    for (let n = 1; n <= config.workers; n++) programs.push(await keepNode(`worker ${n}`, WORKER));
    const url = localUrl(config.host, port);
    const giveUp = (): string | undefined => {
      if (stopping.aborted) return 'stopped';
      const failed = programs.find(({ name, deaths }) => !up.has(name) && deaths() >= DEATHS_MAX);
      return failed && `${failed.name} does not start; see above`;
    };
    await untilReady(url, READY_WITHIN_MS, giveUp);
    const workers = programs.slice(1).map(({ name }) => name);
    await untilUp(workers, up, READY_WITHIN_MS, giveUp);
    return {
      url,
      dataFolder: folder.root,
      adminKey: config.adminKey === undefined ? { key: adminKey, file: folder.adminKey } : undefined,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts Redis and PostgreSQL, unless variables name others; returns the variables with their addresses. */
async function startServers(
  config: Config,
  env: Environment,
  folder: DataFolder,
  stages: KeptPart[][],
  say: (text: string) => void,
): Promise<{ REDIS_URL?: string; DATABASE_URL?: string }> {
  const parts: KeptPart[] = [];
  stages.push(parts);
  const [redis, database] = await Promise.allSettled([
    config.redis.kind === 'private' ? startOwnRedis(env, folder, parts, say) : undefined,
    config.databaseUrl === undefined ? startOwnPostgres(folder, parts, say) : undefined,
  ]);
  if (redis.status === 'rejected') throw redis.reason;
  if (database.status === 'rejected') throw database.reason;
  return {
    ...(redis.value === undefined ? {} : { REDIS_URL: redis.value }),
    ...(database.value === undefined ? {} : { DATABASE_URL: database.value }),
  };
}

async function startOwnRedis(
  env: Environment,
  folder: DataFolder,
  parts: KeptPart[],
  say: (text: string) => void,
): Promise<string> {
  const program = await findRedis({ path: env.PATH ?? '', cacheFolders: cacheFolders(env), say });
  const listen = { socket: folder.redisSocket };
  const place = {
    program,
    folder: folder.redis,
    listen,
    logFile: join(folder.logs, 'redis.log'),
    pidFile: join(folder.pids, 'redis.pid'),
  };
  const start = async (): Promise<ServerProcess> => {
    socketFolder(folder.root);
    await repairAppendFiles(folder.redis, say);
    return startRedis(place);
  };
  parts.push(watchSocket(await keepRunning('Redis', start, say), folder.redisSocket, say));
  say(`${program.version} runs (${program.command})`);
  const fault = faultOf(program.version);
  if (fault !== undefined) say(fault);
  return redisUrl(listen);
}

async function startOwnPostgres(folder: DataFolder, parts: KeptPart[], say: (text: string) => void): Promise<string> {
  const binaries = findPostgres();
  if (!binaries) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}, or it was not installed.\n` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer: postgres://user:password@host:port/database',
    );
  }
  const place = {
    binaries,
    folder: folder.postgres,
    port: await freePort(),
    password: keptKey(folder.postgresPassword, makePassword),
    logFile: join(folder.logs, 'postgres.log'),
    pidFile: join(folder.pids, 'postgres.pid'),
  };
  parts.push(await keepRunning('PostgreSQL', () => startPostgres(place), say));
  say('PostgreSQL runs');
  return postgresUrl(place);
}

async function choosePort({ host, port }: Config): Promise<number> {
  if (port === 0) return freePort(host);
  const problem = await listenProblem(host, port);
  if (problem === undefined) return port;
  const reason: Record<string, string> = {
    EADDRINUSE: `port ${port} of ${host} is taken by another program`,
    EACCES: `port ${port} is for root only`,
    EADDRNOTAVAIL: `${host} is not an address of this machine (HOST)`,
    ENOTFOUND: `${host} is an unknown host (HOST)`,
  };
  throw new Error(
    `${reason[problem] ?? `cannot listen at ${host}:${port} (${problem})`}.\nChoose another: PORT=${port + 1} npm start`,
  );
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresBinaries } from './postgres-binaries.js';
import { type PostgresUser, preparePostgresUser } from './postgres-user.js';
import { processesIn, sendSignal } from './process-table.js';
import { type ServerProcess, startServer } from './server-process.js';

export interface PostgresPlace {
  binaries: PostgresBinaries;
  /** PostgreSQL's own folder; made when missing. Its data is in `data` within. */
  folder: string;
  port: number;
  password: string;
  logFile: string;
  pidFile?: string;
  /** More settings, `name=value`. */
  settings?: readonly string[];
}

const USER = 'tocsin';
const DATABASE = 'tocsin';
/** Recovery after a kill takes less than a second; a big backlog of changes takes longer. */
const READY_WITHIN_MS = 120_000;
const POLL_MS = 15;
/** How long processes of a killed server may take to notice and go. */
const LEFTOVERS_GONE_MS = 5_000;

export const postgresUrl = (
  { port, password }: Pick<PostgresPlace, 'port' | 'password'>,
  database = DATABASE,
): string => `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** Starts PostgreSQL on its folder, which it makes and fills when there is none, and waits until it takes queries. */
export async function startPostgres(place: PostgresPlace): Promise<ServerProcess> {
  mkdirSync(place.folder, { recursive: true, mode: 0o700 });
  const data = join(place.folder, 'data');
  const user = preparePostgresUser(place.folder, place.binaries);
  if (existsSync(join(data, 'PG_VERSION'))) await endProcessesOf(data);
  else await createCluster(place, user);
  const server = await startServer({
    name: 'PostgreSQL',
    command: place.binaries.postgres,
    args: ['-D', data, ...serverSettings(place).flatMap((setting) => ['-c', setting])],
    cwd: place.folder,
    env: postgresEnv(place.folder),
    ...user,
    // SIGINT ends sessions and writes everything down; SIGQUIT leaves the rest to the next start's recovery.
    deathSignal: 'SIGINT',
    stopSignals: [
      ['SIGINT', 10_000],
      ['SIGQUIT', 5_000],
    ],
    logFile: place.logFile,
    pidFile: place.pidFile,
  });
  try {
    await untilReady(server, place);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function serverSettings(place: PostgresPlace): string[] {
  return [
    'listen_addresses=127.0.0.1',
    `port=${place.port}`,
    'unix_socket_directories=',
    'max_connections=100',
    'shared_buffers=64MB',
    'max_wal_size=512MB',
    ...(place.settings ?? []),
  ];
}

const postgresEnv = (folder: string): Record<string, string> => ({
  HOME: folder,
  TZ: 'UTC',
  LC_ALL: 'C',
  PATH: '/usr/bin:/bin',
});

/** Made beside its place and moved there whole, so that a start that is killed leaves nothing half made. */
async function createCluster(place: PostgresPlace, user: PostgresUser): Promise<void> {
  const [fresh, passwordFile] = [join(place.folder, 'data.new'), join(place.folder, 'password.new')];
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, `${place.password}\n`, { mode: 0o600 });
  // The file's owner changes with the folder's.
  preparePostgresUser(place.folder, place.binaries);
  const [file, ...args] = [
    ...(user.wrapper ?? []),
    place.binaries.initdb,
    ...['-D', fresh, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    // Letters of all languages have upper and lower case, and the order does not depend on the machine.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'],
  ] as [string, ...string[]];
  await promisify(execFile)(file, args, { ...user.ids, cwd: place.folder, env: postgresEnv(place.folder) });
  rmSync(passwordFile);
  rmSync(join(place.folder, 'data'), { recursive: true, force: true });
  renameSync(fresh, join(place.folder, 'data'));
}

/**
 * Processes that an earlier server left behind work in its folder. PostgreSQL takes the number in its lock file for a
 * live server even where only a zombie bears it, so the file goes as soon as nobody works there any more.
 */
async function endProcessesOf(data: string): Promise<void> {
  const deadline = Date.now() + LEFTOVERS_GONE_MS;
  for (let left = processesIn(data); left.length > 0; left = processesIn(data)) {
    const postmaster = postmasterPid(data);
    for (const pid of left) {
      if (Date.now() > deadline) sendSignal(pid, 'SIGKILL');
      else if (pid === postmaster) sendSignal(pid, 'SIGINT');
    }
    await sleep(50);
  }
  if (process.platform === 'linux') rmSync(join(data, 'postmaster.pid'), { force: true });
}

function postmasterPid(data: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

async function untilReady(server: ServerProcess, place: PostgresPlace): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const problem = await tryDatabase(place);
    if (problem === undefined) return;
    if (server.hasExited())
      throw new Error(`PostgreSQL does not start (${await server.exit}); its log: ${place.logFile}`);
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL does not answer; its log: ${place.logFile}`, { cause: problem });
    await sleep(POLL_MS);
  }
}

/** Connects, and makes the database where it is missing; what went wrong otherwise. */
async function tryDatabase(place: PostgresPlace): Promise<unknown> {
  const client = new pg.Client({ connectionString: postgresUrl(place, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return undefined;
  } catch (error) {
    return error ?? new Error('no connection');
  } finally {
    await client.end().catch(() => {});
  }
}

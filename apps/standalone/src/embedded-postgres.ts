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
  /** PostgreSQL's own folder; created if it is missing. Its data is in the subfolder `data`. */
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
/** Time in which processes of a killed server notice it and end. */
const LEFTOVERS_GONE_MS = 5_000;

export const postgresUrl = (
  { port, password }: Pick<PostgresPlace, 'port' | 'password'>,
  database = DATABASE,
): string => `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

/** Starts PostgreSQL on its folder, which it creates and fills if needed, and waits until it accepts queries. */
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
    // SIGINT ends sessions and writes all data; SIGQUIT leaves the rest to the recovery of the next start.
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

/** Creates the data beside its final path and moves it there whole, so that a killed start leaves nothing incomplete. */
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
 * Ends processes that an earlier server left in its folder. PostgreSQL mistakes the number in its lock file for a live
 * server even if it belongs to a zombie, so the file is removed as soon as no process works in the folder.
 */
async function endProcessesOf(data: string): Promise<void> {
  const deadline = performance.now() + LEFTOVERS_GONE_MS;
  for (let left = processesIn(data); left.length > 0; left = processesIn(data)) {
    const postmaster = postmasterPid(data);
    for (const pid of left) {
      if (performance.now() > deadline) sendSignal(pid, 'SIGKILL');
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
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const problem = await tryDatabase(place);
    if (problem === undefined) return;
    if (server.hasExited())
      throw new Error(`PostgreSQL does not start (${await server.exit}); its log: ${place.logFile}`);
    if (performance.now() > deadline)
      throw new Error(`PostgreSQL does not answer; its log: ${place.logFile}`, { cause: problem });
    await sleep(POLL_MS);
  }
}

/** Connects, and creates the database if it is missing; returns the error of a failure. */
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

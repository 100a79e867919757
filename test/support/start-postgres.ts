import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresUrl, startPostgres as startServer } from '../../apps/standalone/src/embedded-postgres.js';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { findPostgres } from '../../apps/standalone/src/postgres-binaries.js';
import { processesIn, sendSignal } from '../../apps/standalone/src/process-table.js';
import { waitFor } from './wait-for.js';

export interface TestPostgres {
  /** URL of an empty database, the same after a restart. */
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
}

/** A real PostgreSQL on a free port with its data in a temporary folder. */
export async function startPostgres(): Promise<TestPostgres> {
  const binaries = findPostgres();
  if (!binaries) throw new Error('the embedded PostgreSQL of this platform is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-postgres-'));
  chmodSync(folder, 0o711);
  const place = {
    binaries,
    folder: join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    logFile: join(folder, 'postgres.log'),
    // A test kills processes, never the machine: the kernel still writes what a process has handed over.
    settings: ['fsync=off', 'full_page_writes=off'],
  };
  const data = join(realpathSync(folder), 'postgres/data');
  let server = await startServer(place);
  return {
    url: postgresUrl(place),
    folder,
    get pid() {
      return server.pid;
    },
    async kill9() {
      server.kill('SIGKILL');
      await server.exit;
      // Processes that serve a connection would notice it late.
      for (const pid of processesIn(data)) sendSignal(pid, 'SIGKILL');
      await waitFor(() => processesIn(data).length === 0, { what: 'PostgreSQL to be gone' });
    },
    async restart() {
      if (!server.hasExited()) await server.stop();
      server = await startServer(place);
    },
    async stop() {
      if (!server.hasExited()) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';

/** The number of the advisory lock, which no other program on the database may use: "tocs" in ASCII. */
const MIGRATION_LOCK = 0x746f6373;

/**
 * Brings the tables up to date, and returns the names of the migrations that ran. Any number of processes may call it at
 * once: one migrates, and the others wait and find nothing left to do.
 */
export async function migrate(url: string): Promise<string[]> {
  const source = createDataSource(url, { applicationName: 'tocsin-migrate', poolSize: 2, statementTimeoutMs: 0 });
  await source.initialize();
  try {
    return await underLock(source, async () => {
      const ran = await source.runMigrations({ transaction: 'each' });
      return ran.map((migration) => migration.name);
    });
  } finally {
    await source.destroy();
  }
}

/** Runs work under the lock. The lock belongs to a connection, so it is released when the process dies. */
async function underLock<T>(source: DataSource, work: () => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}

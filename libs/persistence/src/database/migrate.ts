import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';

/** Number of the advisory lock, "tocs" in ASCII: no other program on the same database may use it. */
const MIGRATION_LOCK = 0x746f6373;

/**
 * Runs the pending migrations and returns their names. Any number of processes may call it at once: one migrates, the
 * others wait and find nothing to do.
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

/** Holds the lock during some work. It belongs to a connection, and is released with it when the process dies. */
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

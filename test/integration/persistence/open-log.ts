import { Database, LOG_ENTITIES, type Log, migrate } from '#libs/persistence';
import { createDatabase } from '../../support/index.js';

const ignore = (): void => undefined;
const silent: Log = { info: ignore, warn: ignore, error: ignore };

/** A database of its own with the tables of the delivery log. */
export async function openLog() {
  const url = await createDatabase();
  await migrate(url);
  const database = new Database(url, silent, { entities: LOG_ENTITIES });
  database.start();
  return { database, log: silent, close: () => database.stop() };
}

export type OpenLog = Awaited<ReturnType<typeof openLog>>;

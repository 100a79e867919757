import { expect, it } from 'vitest';
import { createDataSource, Database, migrate } from '#libs/persistence';
import { createDatabase, startPostgres, waitFor } from '../../support/index.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('migrates once, however many ask at once', async () => {
  const url = await createDatabase();
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(url)).toEqual([]);
});

it('leaves tables that are what the entities say', async () => {
  const url = await createDatabase();
  await migrate(url);
  const source = await createDataSource(url).initialize();
  for (const metadata of source.entityMetadatas) await source.getRepository(metadata.target).find({ take: 1 });
  const rows = await source.query(
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migrations'`,
  );
  const columns = source.entityMetadatas.flatMap((metadata) =>
    metadata.columns.map((column) => ({ table_name: metadata.tableName, column_name: column.databaseName })),
  );
  const sorted = (list: { table_name: string; column_name: string }[]) =>
    list.map((c) => `${c.table_name}.${c.column_name}`).sort();
  expect(sorted(rows)).toEqual(sorted(columns));
  await source.destroy();
});

it('goes down again', async () => {
  const url = await createDatabase();
  await migrate(url);
  const source = await createDataSource(url).initialize();
  for (let i = 0; i < source.migrations.length; i += 1) await source.undoLastMigration();
  expect(await source.query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'endpoints'`)).toEqual([]);
  await source.destroy();
});

it('heals when the server comes back, and never ends the process', async () => {
  const server = await startPostgres();
  const database = new Database(server.url, silent);
  database.start();
  const one = () => database.run((manager) => manager.query('SELECT 1'));
  await waitFor(() => one());
  const busy = Promise.allSettled(
    Array.from({ length: 20 }, () => database.run((manager) => manager.query('SELECT pg_sleep(5)'))),
  );
  await server.kill9();
  for (const result of await busy) expect(result.status).toBe('rejected');
  await expect(one()).rejects.toThrow('does not answer');
  await server.restart();
  await waitFor(() => one(), { timeoutMs: 15_000 });
  await database.stop();
  await server.stop();
});

it('connects late, when there was no server at first', async () => {
  const server = await startPostgres();
  await server.kill9();
  const database = new Database(server.url, silent);
  database.start();
  await server.restart();
  await waitFor(() => database.run((manager) => manager.query('SELECT 1')), { timeoutMs: 15_000 });
  await database.stop();
  await server.stop();
});

import { expect, it } from 'vitest';
import { createDataSource, Database, migrate } from '#libs/persistence';
import { ENTITIES } from '#libs/settings';
import { createDatabase, startPostgres, waitFor } from '../../support/index.js';

const BEFORE = 'BoundSecrets1763600004000';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('migrates once, regardless of the number of concurrent calls', async () => {
  const url = await createDatabase();
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(url)).toEqual([]);
});

it('creates the tables that the entities describe', async () => {
  const url = await createDatabase();
  await migrate(url);
  const source = await createDataSource(url, { entities: ENTITIES }).initialize();
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

it('rewords the reason of recoveries whose firing was not delivered', async () => {
  const url = await createDatabase();
  await migrate(url);
  const source = await createDataSource(url).initialize();
  while ((await source.query('SELECT name FROM schema_migrations ORDER BY timestamp DESC LIMIT 1'))[0].name !== BEFORE)
    await source.undoLastMigration();
  await source.query(`INSERT INTO deliveries
    (id, revision, status, reason, endpoint_id, endpoint_name, team, channel, target, attempt_count, created_at, recorded_at)
    SELECT id, 1, status, reason, 'e', 'ops', 'default', 'http', 't', 0, now(), now() FROM (VALUES
      ('d1', 'cancelled', 'its firing died'), ('d2', 'cancelled', 'superseded'), ('d3', 'dead', 'its firing died')
    ) AS v (id, status, reason)`);
  await migrate(url);
  expect(
    (await source.query('SELECT reason FROM deliveries ORDER BY id')).map((row: { reason: string }) => row.reason),
  ).toEqual(['firing not delivered', 'superseded', 'its firing died']);
  await source.destroy();
});

it('can be reverted', async () => {
  const url = await createDatabase();
  await migrate(url);
  const source = await createDataSource(url).initialize();
  for (let i = 0; i < source.migrations.length; i += 1) await source.undoLastMigration();
  expect(await source.query(`SELECT 1 FROM information_schema.tables WHERE table_name = 'endpoints'`)).toEqual([]);
  await source.destroy();
});

it('reconnects when the server is back, and never ends the process', async () => {
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

it('connects later if there is no server at first', async () => {
  const server = await startPostgres();
  await server.kill9();
  const database = new Database(server.url, silent);
  database.start();
  await server.restart();
  await waitFor(() => database.run((manager) => manager.query('SELECT 1')), { timeoutMs: 15_000 });
  await database.stop();
  await server.stop();
});

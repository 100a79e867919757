import { DataSource, type EntitySchema } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';

/** A table that the data source knows: a decorated class, or a schema made from a declaration. */
export type TableEntity = (new () => object) | EntitySchema;

export interface DataSourceSettings {
  /** The tables that queries name; migrations need none. */
  entities?: readonly TableEntity[];
  applicationName?: string;
  poolSize?: number;
  /** The longest time of a statement; 0 for no limit, which only migrations need. */
  statementTimeoutMs?: number;
  /** Called when an idle connection breaks; without a listener the error would end the process. */
  onPoolError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** Added to the statement's limit for the client's own, for a server that does not answer: the server's comes first. */
const ANSWER_GRACE_MS = 3_000;

/**
 * A data source for a PostgreSQL URL; it does not connect by itself. The driver reads the URL, not TypeORM, since only
 * the driver knows all of its forms: `postgres://user@/db?host=/directory` is a socket, `?sslmode=` asks for TLS.
 */
export function createDataSource(url: string, settings: DataSourceSettings = {}): DataSource {
  const statementTimeoutMs = settings.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return new DataSource({
    type: 'postgres',
    entities: [...(settings.entities ?? [])],
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    installExtensions: false,
    logging: false,
    poolErrorHandler: settings.onPoolError ?? (() => undefined),
    extra: {
      connectionString: url,
      application_name: settings.applicationName ?? 'tocsin',
      max: settings.poolSize ?? 10,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...(statementTimeoutMs > 0 && {
        statement_timeout: statementTimeoutMs,
        query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
        idle_in_transaction_session_timeout: statementTimeoutMs,
      }),
    },
  });
}

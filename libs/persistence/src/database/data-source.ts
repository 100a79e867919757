import { DataSource, type EntitySchema } from 'typeorm';
import { MIGRATIONS } from '../migrations/index.js';

/** A table of the data source: a decorated class, or a schema made from a declaration. */
export type TableEntity = (new () => object) | EntitySchema;

export interface DataSourceSettings {
  /** Tables of the queries; migrations need none. */
  entities?: readonly TableEntity[];
  applicationName?: string;
  poolSize?: number;
  /** Longest time of a statement, in milliseconds; 0 for no limit, which only migrations need. */
  statementTimeoutMs?: number;
  /** Called when an idle connection breaks; without a listener the error would end the process. */
  onPoolError?: (error: Error) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
/** Extra time of the client's limit over the server's, in milliseconds. It ends statements of a server that hangs. */
const ANSWER_GRACE_MS = 3_000;

/**
 * Creates a data source for a PostgreSQL URL without connecting. The driver parses the URL, not TypeORM, since only the
 * driver supports all forms: `postgres://user@/db?host=/directory` is a socket, `?sslmode=` selects TLS.
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

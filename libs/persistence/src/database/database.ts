import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { createDataSource, type DataSourceSettings } from './data-source.js';
import { DatabaseAway, isAway } from './database-errors.js';

/** The used methods of a logger; pino has them. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 3_000;

/**
 * A connection to PostgreSQL that survives outages of the server. `start` connects in the background and retries until it
 * succeeds. While the server is away, work fails at once with DatabaseAway.
 */
export class Database {
  private source: DataSource | undefined;
  private connecting: Promise<DataSource> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private retryMs = RETRY_FIRST_MS;
  private stopped = false;
  private loggedAway = false;

  constructor(
    private readonly url: string,
    private readonly log: Log,
    private readonly settings: Omit<DataSourceSettings, 'onPoolError'> = {},
  ) {}

  /** Begins to connect and returns at once. */
  start(): void {
    this.connect().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.connecting?.catch(() => undefined);
    const source = this.source;
    this.source = undefined;
    if (source?.isInitialized) await source.destroy().catch(() => undefined);
  }

  /** Runs statements one by one on one connection. @throws DatabaseAway */
  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.withRunner((runner) => work(runner.manager));
  }

  /** Runs statements that take effect together. @throws DatabaseAway */
  async transaction<T>(
    work: (manager: EntityManager) => Promise<T>,
    isolation: Isolation = 'READ COMMITTED',
  ): Promise<T> {
    return this.withRunner((runner) => runner.manager.transaction(isolation, work));
  }

  /** Reason why the server does not answer, for readiness; undefined while it answers. */
  async whyAway(): Promise<string | undefined> {
    try {
      await this.run((manager) => manager.query('SELECT 1'));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async withRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const source = this.source ?? (await this.connect());
    const runner = source.createQueryRunner();
    try {
      const result = await work(runner);
      this.logBack();
      return result;
    } catch (error) {
      if (!isAway(error)) throw error;
      this.logAway(error);
      await dropSilentConnection(runner, error);
      throw error instanceof DatabaseAway ? error : new DatabaseAway(error);
    } finally {
      await runner.release().catch(() => undefined);
    }
  }

  /** Joins the connection attempt in progress, or begins one. A failed attempt is retried in the background. */
  private connect(): Promise<DataSource> {
    if (this.source) return Promise.resolve(this.source);
    if (this.stopped) return Promise.reject(new DatabaseAway('this process is stopping'));
    clearTimeout(this.retry);
    this.connecting ??= this.tryConnect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async tryConnect(): Promise<DataSource> {
    const source = createDataSource(this.url, { ...this.settings, onPoolError: (error) => this.logAway(error) });
    try {
      await source.initialize();
    } catch (error) {
      this.logAway(error);
      this.retry = setTimeout(() => this.start(), this.retryMs);
      this.retry.unref();
      this.retryMs = Math.min(this.retryMs * 2, RETRY_LONGEST_MS);
      throw new DatabaseAway(error);
    }
    this.source = source;
    this.retryMs = RETRY_FIRST_MS;
    this.logBack();
    return source;
  }

  /** Logs one line when the server goes away and one when it is back, regardless of the statements between. */
  private logAway(error: unknown): void {
    if (this.loggedAway || this.stopped) return;
    this.loggedAway = true;
    this.log.warn({ err: error }, 'the database is away');
  }

  private logBack(): void {
    if (!this.loggedAway) return;
    this.loggedAway = false;
    this.log.info({}, 'the database answers again');
  }
}

/**
 * Destroys the socket of a connection after the client's timeout, so that the pool replaces it. It still waits for its
 * answer, and the next statement on it would hang.
 */
async function dropSilentConnection(runner: QueryRunner, error: unknown): Promise<void> {
  if (!(error instanceof Error) || !/query read timeout/i.test(error.message) || runner.isReleased) return;
  const client = (await runner.connect()) as { connection?: { stream?: { destroy(): void } } };
  client.connection?.stream?.destroy();
}

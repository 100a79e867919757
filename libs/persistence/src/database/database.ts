import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { createDataSource, type DataSourceSettings } from './data-source.js';
import { DatabaseAway, isAway } from './database-errors.js';

/** What of a logger is used here; pino fits. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

const RETRY_FIRST_MS = 250;
const RETRY_LONGEST_MS = 3_000;

/**
 * The way to PostgreSQL for a process that lives while the server comes and goes. `start` connects in the background
 * for as long as it takes; until then, and whenever the server is away, work is refused with DatabaseAway at once.
 */
export class Database {
  private source: DataSource | undefined;
  private connecting: Promise<DataSource> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private retryMs = RETRY_FIRST_MS;
  private stopped = false;
  private toldAway = false;

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

  /** Undefined while the server answers, else why it does not; for readiness. */
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
      this.tellBack();
      return result;
    } catch (error) {
      if (!isAway(error)) throw error;
      this.tellAway(error);
      await dropSilentConnection(runner, error);
      throw error instanceof DatabaseAway ? error : new DatabaseAway(error);
    } finally {
      await runner.release().catch(() => undefined);
    }
  }

  /** Joins the try under way, or begins one; a failed try is followed by others in the background. */
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
    const source = createDataSource(this.url, { ...this.settings, onPoolError: (error) => this.tellAway(error) });
    try {
      await source.initialize();
    } catch (error) {
      this.tellAway(error);
      this.retry = setTimeout(() => this.start(), this.retryMs);
      this.retry.unref();
      this.retryMs = Math.min(this.retryMs * 2, RETRY_LONGEST_MS);
      throw new DatabaseAway(error);
    }
    this.source = source;
    this.retryMs = RETRY_FIRST_MS;
    this.tellBack();
    return source;
  }

  /** One line when it goes and one when it comes back, however many statements fail between. */
  private tellAway(error: unknown): void {
    if (this.toldAway || this.stopped) return;
    this.toldAway = true;
    this.log.warn({ err: error }, 'the database is away');
  }

  private tellBack(): void {
    if (!this.toldAway) return;
    this.toldAway = false;
    this.log.info({}, 'the database answers again');
  }
}

/**
 * After the client's own timeout the connection still waits for its answer, and would go back to the pool like that:
 * whoever got it next would wait in vain. Breaking its socket makes the pool replace it.
 */
async function dropSilentConnection(runner: QueryRunner, error: unknown): Promise<void> {
  if (!(error instanceof Error) || !/query read timeout/i.test(error.message) || runner.isReleased) return;
  const client = (await runner.connect()) as { connection?: { stream?: { destroy(): void } } };
  client.connection?.stream?.destroy();
}

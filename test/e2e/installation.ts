import { randomBytes } from 'node:crypto';
import { type Audit, audit } from '#libs/mailbox';
import { createRedis, type RedisClient } from '#libs/redis';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { createDatabaseOn } from '../support/databases.js';
import {
  startPostgres,
  startProcess,
  startRedis,
  type TestPostgres,
  type TestProcess,
  type TestRedis,
  waitFor,
} from '../support/index.js';

export const ADMIN_KEY = 'toc_e2e_key_of_24_characters';

/** Lines that API and worker processes print when they have started. */
const STARTED = /"msg":"worker started"|"address":"http/;

/** A process that a test may kill and restart with the same settings. */
export interface Part {
  readonly name: string;
  kill9(): Promise<void>;
  /** Stops the process by SIGSTOP. Servers cannot be paused. */
  pause(): void;
  /** Continues the process by SIGCONT. */
  resume(): void;
  /** Sends SIGTERM; returns the exit code, or the signal that ended it. Servers return none. */
  stop(): Promise<number | NodeJS.Signals | undefined>;
  restart(): Promise<void>;
  /** Settles when it has started; SIGTERM before that just ends it. */
  up(): Promise<unknown>;
}

export interface InstallationOptions {
  apis?: number;
  workers?: number;
  env?: Record<string, string>;
}

function refusePause(name: string): never {
  throw new Error(`${name} is a server and cannot be paused`);
}

/** Waits for all, also after a failure, so that a stop finds everything that was started. @throws the first error */
async function allSettled(starts: readonly Promise<void>[]): Promise<void> {
  for (const start of await Promise.allSettled(starts)) if (start.status === 'rejected') throw start.reason;
}

/** A whole installation of real processes: Redis, PostgreSQL, API and worker processes as in production. */
export class Installation {
  readonly parts: Part[] = [];
  readonly apiUrls: string[] = [];
  redisClient: RedisClient;
  private redis: TestRedis;
  private postgres: TestPostgres;
  private readonly running = new Map<string, TestProcess>();
  private env: Record<string, string>;

  static async start({ apis = 1, workers = 1, env = {} }: InstallationOptions = {}): Promise<Installation> {
    const installation = new Installation();
    try {
      await installation.startServers(env);
      await allSettled([
        ...Array.from({ length: apis }, (_, i) => installation.addApi(`api ${i + 1}`)),
        ...Array.from({ length: workers }, (_, i) => installation.addWorker(`worker ${i + 1}`)),
      ]);
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  private async startServers(env: Record<string, string>): Promise<void> {
    await allSettled([
      startRedis({ appendonly: true }).then((redis) => {
        this.redis = redis;
      }),
      startPostgres().then((postgres) => {
        this.postgres = postgres;
      }),
    ]);
    this.redisClient = createRedis({ kind: 'single', url: this.redis.url }, 'work');
    this.env = {
      REDIS_URL: this.redis.url,
      DATABASE_URL: await createDatabaseOn(this.postgres.url),
      TOCSIN_ADMIN_KEY: ADMIN_KEY,
      TOCSIN_SECRET_KEY: randomBytes(32).toString('base64'),
      TOCSIN_STANDALONE: '1',
      ...env,
    };
    const migrated = await startProcess('dist/apps/api/src/migrate.js', this.env).exit;
    if (migrated !== 0) throw new Error(`the migration ended with ${migrated}`);
    for (const [name, server] of [
      ['redis', this.redis],
      ['postgres', this.postgres],
    ] as const) {
      this.parts.push({
        name,
        kill9: () => server.kill9(),
        pause: () => refusePause(name),
        resume: () => refusePause(name),
        // Stopping a server deletes its data.
        stop: () => Promise.reject(new Error(`${name} is stopped with its installation`)),
        restart: () => server.restart(),
        up: async () => {},
      });
    }
  }

  /** @param env variables that override the installation's own */
  async addApi(name: string, env: Record<string, string> = {}): Promise<void> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    this.apiUrls.push(url);
    this.addProcess(name, 'dist/apps/api/src/main.js', { ...env, PORT: String(port) });
    await Promise.race([this.ready(url), this.ended(name)]);
  }

  private async addWorker(name: string): Promise<void> {
    this.addProcess(name, 'dist/apps/worker/src/main.js', {});
  }

  private addProcess(name: string, script: string, env: Record<string, string>): void {
    const start = (): void => {
      this.running.set(name, startProcess(script, { ...this.env, ...env }));
    };
    start();
    this.parts.push({
      name,
      kill9: async () => this.running.get(name)?.kill9(),
      pause: () => this.running.get(name)?.pause(),
      resume: () => this.running.get(name)?.resume(),
      stop: async () => this.running.get(name)?.stop(20_000),
      restart: async () => start(),
      up: async () => this.running.get(name)?.printed(STARTED, 60_000),
    });
  }

  /** Rejects when a process ends. */
  private async ended(name: string): Promise<never> {
    const process = this.running.get(name) as TestProcess;
    throw new Error(`${name} ended with ${await process.exit}; it printed:\n${process.output().slice(-3_000)}`);
  }

  ready(url: string, timeoutMs = 60_000): Promise<unknown> {
    return waitFor(async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs, what: `${url} to be ready` }).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${this.output()}`, { cause: error });
      },
    );
  }

  /** A call of the management API that must succeed. */
  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.apiUrls[0]}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Its worker processes. */
  get workers(): Part[] {
    return this.parts.filter(({ name }) => name.startsWith('worker'));
  }

  /** Sets the wall clock of all API and worker processes; they need `shift-clock.mjs` preloaded. */
  shiftClocks(shiftMs: number): void {
    for (const process of this.running.values()) process.send({ shiftMs });
  }

  audit(): Promise<Audit> {
    return audit(this.redisClient);
  }

  /** Waits until no delivery is pending. */
  async drained(timeoutMs: number): Promise<Audit> {
    await waitFor(async () => (await this.audit()).pending === 0, {
      timeoutMs,
      intervalMs: 100,
      what: 'nothing pending',
    }).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await this.audit())}\n${this.output()}`, { cause: error });
    });
    return this.audit();
  }

  /** Folders with the data and logs of Redis and PostgreSQL. */
  get dataFolders(): string[] {
    return [this.redis.folder, this.postgres.folder];
  }

  get databaseUrl(): string {
    return this.env.DATABASE_URL as string;
  }

  /** Output of all API and worker processes. */
  logs(): string {
    return [...this.running.values()].map((process) => process.output()).join('\n');
  }

  /** Last lines of every process, for the report of a failed test. */
  output(): string {
    return [...this.running].map(([name, process]) => `--- ${name}\n${process.output().slice(-3_000)}`).join('\n');
  }

  /** Sends SIGTERM to every worker; returns their exit codes, or the signals that ended them. */
  stopWorkers(): Promise<(number | NodeJS.Signals)[]> {
    return Promise.all(
      [...this.running].filter(([name]) => name.startsWith('worker')).map(([, process]) => process.stop(20_000)),
    );
  }

  async stop(): Promise<void> {
    this.redisClient?.disconnect();
    await Promise.all([...this.running.values()].map((process) => process.stop(15_000)));
    await Promise.all([this.redis?.stop(), this.postgres?.stop()]);
  }
}

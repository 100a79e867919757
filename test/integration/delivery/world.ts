import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import { type Admitter, createAdmitter } from '#libs/admission';
import { channelByType, servedChannels } from '#libs/channels';
import { loadConfig, requireServerConfig } from '#libs/config';
import {
  type AlertEvent,
  type Endpoint,
  LEVELS,
  type Level,
  type OutcomeRecord,
  type Policy,
  queueName,
  queuePrefix,
  replayOf,
  type Settings,
  type SettingsSource,
} from '#libs/contracts';
import { createTurnQueues } from '#libs/delivery';
import { createMailboxes, type Mailboxes } from '#libs/mailbox';
import { type LoggedDelivery } from '#libs/operations';
import { createRedis, type RedisClient } from '#libs/redis';
import { createLogger } from '#libs/telemetry';
import { WorkerModule } from '../../../apps/worker/src/worker.module.js';

/** A received message. */
export interface Arrival {
  id: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  at: number;
  /** Status of the answer. */
  status: number | 'hang';
}

/** A real HTTP receiver with answers set by the test, in order of arrival. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  answer: (arrival: Arrival, nth: number) => number | 'hang' = () => 200;
  /** Delay of answers, in milliseconds. */
  delayMs = 0;
  headers: Record<string, string> = {};
  /** Most requests open at once. */
  mostOpen = 0;
  /** Name of the request header that answers repeat. */
  echo: string | undefined;
  private open = 0;
  private server: Server;

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server = createServer((request, response) => {
      receiver.open += 1;
      receiver.mostOpen = Math.max(receiver.mostOpen, receiver.open);
      response.once('close', () => {
        receiver.open -= 1;
      });
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const arrival: Arrival = {
          id: String(request.headers['webhook-id']),
          path: request.url ?? '',
          headers: request.headers,
          body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
          at: Date.now(),
          status: 'hang',
        };
        const nth = receiver.arrivals.filter(({ id }) => id === arrival.id).length;
        receiver.arrivals.push(arrival);
        const status = receiver.answer(arrival, nth);
        arrival.status = status;
        if (status !== 'hang')
          setTimeout(
            () => response.writeHead(status, receiver.headers).end(receiver.echo && arrival.headers[receiver.echo]),
            receiver.delayMs,
          );
      });
    });
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Closes hanging connections; new ones are accepted. */
  dropConnections(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Settings that a test changes at will. */
export class TestSettings implements SettingsSource {
  private settings: Settings = { version: 1, endpoints: new Map(), policies: [], formerLinks: [] };
  private readonly listeners = new Set<(now: Settings, before: Settings | undefined) => void>();
  away = false;

  current = (): Settings => this.settings;

  async refresh(): Promise<Settings> {
    if (this.away) throw new Error('the database is away');
    return this.settings;
  }

  onChange(listener: (now: Settings, before: Settings | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Routes every event to every endpoint or, with `byId`, to those whose id is its policy. */
  set(endpoints: readonly Endpoint[], byId = false): void {
    const all = endpoints.map(({ id }) => id);
    const policies = byId ? endpoints.map(({ id, team }) => policy(id, team, [id])) : [policy('*', 'default', all)];
    this.put({ endpoints, policies, formerLinks: [] });
  }

  put({ endpoints, ...links }: Pick<Settings, 'policies' | 'formerLinks'> & { endpoints: readonly Endpoint[] }): void {
    const before = this.settings;
    const byId = new Map(endpoints.map((one) => [one.id, one]));
    this.settings = { version: before.version + 1, endpoints: byId, ...links };
    for (const listener of this.listeners) listener(this.settings, before);
  }
}

const policy = (key: string, team: string, endpointIds: string[]): Policy => ({
  key,
  name: key,
  team,
  endpointIds,
  match: null,
  enabled: true,
});

let changes = 0;
export function httpEndpoint(url: string, over: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'e1',
    name: 'endpoint one',
    team: 'default',
    channel: 'http',
    enabled: true,
    config: channelByType('http')?.config.parse({ url, ...over.config }) as Record<string, unknown>,
    levels: LEVELS,
    pushPeriodMs: 0,
    maxPushes: 0,
    pushOnEscalation: true,
    periodAcrossRecovery: false,
    rateLimit: null,
    expireAfterMs: 86_400_000,
    digestAfterMs: 0,
    template: {},
    fallback: null,
    updatedAt: `change ${changes++}`,
    ...Object.fromEntries(Object.entries(over).filter(([name]) => name !== 'config')),
  };
}

/** An endpoint of any channel, with settings in the users' format. */
export function endpointOf(channel: string, settings: Record<string, unknown>, over: Partial<Endpoint> = {}): Endpoint {
  const config = channelByType(channel)?.config.parse(settings) as Record<string, unknown>;
  return { ...httpEndpoint('http://127.0.0.1:9/', over), channel, config };
}

/** The running delivery side on a real Redis, with settings and log in memory. */
export class World {
  readonly settings = new TestSettings();
  readonly recorded: OutcomeRecord[] = [];
  readonly redis: RedisClient;
  readonly queue: Queue;
  readonly mailboxes: Mailboxes;
  readonly admitter: Admitter;
  logAway = false;
  private workers: INestApplicationContext[] = [];
  private readonly queueConnection: RedisClient;

  /** @param channel the channel whose turns are requested */
  constructor(
    private readonly redisUrl: string,
    channel = 'http',
  ) {
    this.redis = createRedis({ kind: 'single', url: redisUrl }, 'work');
    this.queueConnection = createRedis({ kind: 'single', url: redisUrl }, 'work');
    this.queue = new Queue(queueName(channel), {
      connection: this.queueConnection as never,
      prefix: queuePrefix(channel),
    });
    this.mailboxes = createMailboxes(this.redis);
    const queues = createTurnQueues((asked) => (asked === channel ? this.queue : undefined));
    this.admitter = createAdmitter({
      redis: this.redis,
      channelOf: channelByType,
      wake: (wakes) => queues.wake(wakes),
      newerSettings: async (known) => known,
    });
  }

  /** @param served channels whose turns it takes; those of its variables by default */
  async startWorker(over: Record<string, string> = {}, served?: string[]): Promise<INestApplicationContext> {
    const env = {
      REDIS_URL: this.redisUrl,
      DATABASE_URL: 'postgres://unused@127.0.0.1/unused',
      TOCSIN_SECRET_KEY: Buffer.alloc(32).toString('base64'),
      TOCSIN_STANDALONE: '1',
      ...over,
    };
    const config = requireServerConfig(loadConfig(env), 'worker');
    const redis = createRedis(config.redis, 'work');
    const worker = await NestFactory.createApplicationContext(
      WorkerModule.register(served ?? servedChannels(config), {
        config,
        redis,
        settings: this.settings,
        connections: { start: () => {}, stop: async () => redis.disconnect() },
        log: {
          record: async (batch) => {
            if (this.logAway) throw new Error('the log is away');
            this.recorded.push(...batch);
            return [];
          },
          prune: async () => 0,
          replaySource: async (id) => this.replaySource(id),
        },
        logger: createLogger('worker', process.env.TEST_LOG ?? 'silent'),
      }),
      { logger: false },
    );
    this.workers.push(worker);
    return worker;
  }

  async post(events: readonly (Partial<AlertEvent> & { level: Level })[]): Promise<string[]> {
    const incoming = events.map((over, i) => {
      const event: AlertEvent = { id: `${Date.now()}-${i}`, policy: 'p', object: 'o', ...over };
      return { event, json: JSON.stringify(event), ownId: false };
    });
    const results = await this.admitter.admit(incoming, null, () => this.settings.current());
    return results.flatMap(({ endpoints }) => endpoints.map(({ deliveryId, result }) => deliveryId ?? result));
  }

  /** A delivery as the log returns it. */
  private replaySource(id: string): LoggedDelivery | undefined {
    const records = this.recordsOf(id);
    const newest = records.toSorted((a, b) => a.revision - b.revision).at(-1);
    if (!newest) return undefined;
    const event = records.find((record) => record.event)?.event;
    const { baseId } = replayOf(id);
    const replays = this.recorded.map(({ deliveryId }) => replayOf(deliveryId)).filter((one) => one.baseId === baseId);
    return {
      id,
      baseId,
      lastReplay: Math.max(...replays.map(({ replay }) => replay)),
      endpointId: newest.endpointId,
      targetId: newest.targetId ?? null,
      team: newest.team,
      status: newest.status,
      reason: newest.reason ?? null,
      episode: newest.episode ?? null,
      event: event ? JSON.stringify(event) : null,
      fallbackOf: newest.fallbackOf ?? null,
      cameAt: new Date(newest.createdAt),
    };
  }

  recordsOf(deliveryId: string): OutcomeRecord[] {
    return this.recorded.filter((record) => record.deliveryId === deliveryId);
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    this.workers = [];
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    this.workers = [];
    await this.queue.close();
    this.queueConnection.disconnect();
    this.redis.disconnect();
  }
}

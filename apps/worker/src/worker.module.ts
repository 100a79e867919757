import { BullModule, getQueueToken, WorkerHost } from '@nestjs/bullmq';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Queue } from 'bullmq';
import { channels } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import { queueName } from '#libs/contracts';
import { turnQueueOptions } from '#libs/delivery';
import { Database, DeliveryLog } from '#libs/persistence';
import { createRedis } from '#libs/redis';
import { createSecretBox } from '#libs/security';
import { createChannelKinds, createSettings, ENTITIES } from '#libs/settings';
import type { Logger } from '#libs/telemetry';
import { type Connections, ConnectionsModule } from './connections.js';
import { createDeliverySide, DeliverySide, type DeliverySideDeps } from './delivery-side.js';
import { turnProcessor } from './turn-processor.js';

export interface WorkerDeps extends Omit<DeliverySideDeps, 'queueOf'> {
  connections: Connections;
}

/** Creates the connections of a worker. Nothing waits for Redis or PostgreSQL. */
export function createDeps(config: ServerConfig, logger: Logger): WorkerDeps {
  const redis = createRedis(config.redis, 'work', (error) => logger.warn({ err: error }, 'Redis connection error'));
  const database = new Database(config.databaseUrl, logger, { entities: ENTITIES });
  const kinds = createChannelKinds(channels, config.platform);
  const settings = createSettings({ database, kinds, box: createSecretBox(config.secretKey), log: logger });
  return {
    ...{ config, redis, settings, logger },
    log: new DeliveryLog(database, logger),
    connections: {
      start() {
        database.start();
        settings.start();
      },
      async stop() {
        settings.stop();
        await database.stop();
        redis.disconnect();
      },
    },
  };
}

/** The processors of the served channels. */
class TurnProcessors {
  constructor(readonly all: readonly WorkerHost[]) {}
}

const channelTypes = channels.map(({ type }) => type);
const queueTokens = channelTypes.map((type) => getQueueToken(queueName(type)));

/** The composition root of a worker: the processors of the served channels, and the queues of all channels. */
@Module({})
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(DeliverySide) private readonly delivery: DeliverySide,
    @Inject(TurnProcessors) private readonly processors: TurnProcessors,
  ) {}

  /** @param served channels whose turns this process runs */
  static register(served: readonly string[], deps: WorkerDeps): DynamicModule {
    const processors = served.map(turnProcessor);
    return {
      module: WorkerModule,
      imports: [
        ConnectionsModule.register(deps.connections),
        BullModule.registerQueue(...turnQueueOptions(channelTypes, deps.redis)),
      ],
      providers: [
        {
          provide: DeliverySide,
          inject: queueTokens,
          useFactory: (...all: Queue[]) => {
            const queues = new Map(channelTypes.map((type, i) => [type, all[i]]));
            return createDeliverySide(served, { ...deps, queueOf: (channel) => queues.get(channel) });
          },
        },
        ...processors,
        {
          provide: TurnProcessors,
          inject: processors,
          useFactory: (...all: WorkerHost[]) => new TurnProcessors(all),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    const { all } = this.processors;
    for (const { worker } of all) worker.on('error', (error) => this.delivery.noteQueueError(error));
    this.delivery.start((full) => {
      for (const { worker } of all) {
        if (full) void worker.pause(true);
        else worker.resume();
      }
    });
  }

  /** Takes no more turns, then waits for deliveries in flight. The queues and the connections close after that. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.processors.all.map(({ worker }) => worker.pause(true)));
    await this.delivery.stop();
  }
}

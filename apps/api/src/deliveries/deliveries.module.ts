import { type DynamicModule, Module } from '@nestjs/common';
import { channelByType } from '#libs/channels';
import type { SettingsSource } from '#libs/contracts';
import { type TurnQueues } from '#libs/delivery';
import { createMailboxes } from '#libs/mailbox';
import { createCanceller, createReplayer } from '#libs/operations';
import type { RedisClient, RedisWatch } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { CANCELLER, REPLAYER, TURN_QUEUES } from '../tokens.js';
import { CancelController } from './cancel.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { ReplayController } from './replay.controller.js';

export interface DeliveriesParts {
  redis: RedisClient;
  settings: SettingsSource;
  watch: RedisWatch;
  log: Logger;
}

@Module({})
export class DeliveriesModule {
  static register({ redis, settings, watch, log }: DeliveriesParts): DynamicModule {
    const mailboxes = createMailboxes(redis, { shedding: watch.pressed });
    const onError = (error: unknown): void => log.debug({ err: error }, 'a turn could not be called for');
    return {
      module: DeliveriesModule,
      controllers: [ReplayController, CancelController, DeliveriesController],
      providers: [
        {
          provide: REPLAYER,
          inject: [TURN_QUEUES],
          useFactory: (queues: Pick<TurnQueues, 'wake'>) =>
            createReplayer({ mailboxes, queues, settings, channelOf: channelByType, watch, onError }),
        },
        {
          provide: CANCELLER,
          inject: [TURN_QUEUES],
          useFactory: (queues: Pick<TurnQueues, 'wake'>) =>
            createCanceller({ redis, mailboxes, queues, settings, onError }),
        },
      ],
    };
  }
}

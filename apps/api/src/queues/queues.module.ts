import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { channels } from '#libs/channels';
import { queueName } from '#libs/contracts';
import { createTurnQueues, turnQueueOptions } from '#libs/delivery';
import type { RedisClient } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { TurnWaker } from './turn-waker.js';

const channelTypes = channels.map(({ type }) => type);

/** The BullMQ queue of each channel. */
@Module({})
export class QueuesModule {
  static register({ redis, log }: { redis: RedisClient; log: Logger }): DynamicModule {
    return {
      module: QueuesModule,
      global: true,
      imports: [BullModule.registerQueue(...turnQueueOptions(channelTypes, redis))],
      providers: [
        {
          provide: TurnWaker,
          inject: channelTypes.map((type) => getQueueToken(queueName(type))),
          useFactory: (...queues: Queue[]) => new TurnWaker(createTurnQueues(lookup(queues, log))),
        },
      ],
      exports: [TurnWaker],
    };
  }
}

function lookup(queues: readonly Queue[], log: Logger): (channel: string) => Queue | undefined {
  for (const queue of queues) queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
  const byChannel = new Map(channelTypes.map((type, i) => [type, queues[i]]));
  return (channel) => byChannel.get(channel);
}

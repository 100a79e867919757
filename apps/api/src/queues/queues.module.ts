import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { channels } from '#libs/channels';
import { queueName, within } from '#libs/contracts';
import { createTurnQueues, type TurnQueues, turnQueueOptions } from '#libs/delivery';
import type { RedisClient } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { TURN_QUEUES } from '../tokens.js';

/** Whoever asks for turns does not wait longer for them to be called; the sweeper calls for those that were not. */
const WAKE_MS_MAX = 1_000;

const channelTypes = channels.map(({ type }) => type);

/** The queue of each channel, and how turns are put into it. */
@Module({})
export class QueuesModule {
  static register({ redis, log }: { redis: RedisClient; log: Logger }): DynamicModule {
    return {
      module: QueuesModule,
      global: true,
      imports: [BullModule.registerQueue(...turnQueueOptions(channelTypes, redis))],
      providers: [
        {
          provide: TURN_QUEUES,
          inject: channelTypes.map((type) => getQueueToken(queueName(type))),
          useFactory: (...queues: Queue[]) => impatient(createTurnQueues(lookup(queues, log))),
        },
      ],
      exports: [TURN_QUEUES],
    };
  }
}

function lookup(queues: readonly Queue[], log: Logger): (channel: string) => Queue | undefined {
  for (const queue of queues) queue.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
  const byChannel = new Map(channelTypes.map((type, i) => [type, queues[i]]));
  return (channel) => byChannel.get(channel);
}

const impatient = (queues: TurnQueues): Pick<TurnQueues, 'wake'> => ({
  wake: (wakes) => within(WAKE_MS_MAX, queues.wake(wakes)),
});

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
import { queueName } from '#libs/contracts';
import { turnQueueOptions } from '#libs/delivery';
import { createDeliverySide, type DeliverySide, type DeliverySideParts } from './delivery-side.js';
import { RETRY, TURNS, turnProcessor } from './turn-processor.js';

const DELIVERY_SIDE = Symbol('delivery side');
const PROCESSORS = Symbol('processors');

export type WorkerParts = Omit<DeliverySideParts, 'queueOf'>;

const channelTypes = channels.map(({ type }) => type);

/** A worker process: the processors of the channels it serves, and the queues of all. */
@Module({})
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(DELIVERY_SIDE) private readonly delivery: DeliverySide,
    @Inject(PROCESSORS) private readonly processors: readonly WorkerHost[],
  ) {}

  /** @param served the channels whose queues this process answers */
  static register(served: readonly string[], parts: WorkerParts): DynamicModule {
    const processors = served.map(turnProcessor);
    return {
      module: WorkerModule,
      imports: [BullModule.registerQueue(...turnQueueOptions(channelTypes, parts.redis))],
      providers: [
        {
          provide: DELIVERY_SIDE,
          inject: channelTypes.map((type) => getQueueToken(queueName(type))),
          useFactory: (...all: Queue[]) => {
            const queues = new Map(channelTypes.map((type, i) => [type, all[i]]));
            return createDeliverySide(served, { ...parts, queueOf: (channel) => queues.get(channel) });
          },
        },
        { provide: TURNS, inject: [DELIVERY_SIDE], useFactory: (delivery: DeliverySide) => delivery.turns },
        { provide: RETRY, inject: [DELIVERY_SIDE], useFactory: (delivery: DeliverySide) => delivery.retry },
        ...processors,
        { provide: PROCESSORS, inject: processors, useFactory: (...all: WorkerHost[]) => all },
      ],
    };
  }

  onApplicationBootstrap(): void {
    for (const { worker } of this.processors) worker.on('error', (error) => this.delivery.noteQueueError(error));
    this.delivery.start((full) => {
      for (const { worker } of this.processors) {
        if (full) void worker.pause(true);
        else worker.resume();
      }
    });
  }

  /** First no more turns, then nothing in flight; after that the queues are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.processors.map((processor) => processor.worker.pause(true)));
    await this.delivery.stop();
  }
}

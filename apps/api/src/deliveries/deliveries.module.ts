import { Module } from '@nestjs/common';
import { CancelController } from './cancel.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { ReplayController } from './replay.controller.js';

/** The routes of deliveries. Acts come first: `replay` must not be read as the id of a delivery. */
@Module({ controllers: [ReplayController, CancelController, DeliveriesController] })
export class DeliveriesModule {}

import { Module } from '@nestjs/common';
import { EndpointTestsController } from './endpoint-tests.controller.js';
import { EndpointsController } from './endpoints.controller.js';

@Module({ controllers: [EndpointTestsController, EndpointsController] })
export class EndpointsModule {}

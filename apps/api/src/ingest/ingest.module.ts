import { Module } from '@nestjs/common';
import { sources } from '#libs/sources';
import { IngestController } from './ingest.controller.js';
import { sourceControllers } from './source-controllers.js';
import { SourceRequests } from './source-requests.js';

/** The routes that take events in: of Tocsin's own format and of every source. */
@Module({ controllers: [IngestController, ...sources.flatMap(sourceControllers)], providers: [SourceRequests] })
export class IngestModule {}

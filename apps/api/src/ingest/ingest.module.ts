import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { type Channel, channelByType } from '#libs/channels';
import type { Endpoint } from '#libs/contracts';
import type { TurnQueues } from '#libs/delivery';
import { AlertExpiry, createIntake, Intake, SourceIntake } from '#libs/intake';
import { targetsOfEndpoint } from '#libs/operations';
import { sources } from '#libs/sources';
import { countEvents, countRefusals } from '#libs/telemetry';
import { TURN_QUEUES } from '../tokens.js';
import { IngestController } from './ingest.controller.js';
import { createDuties, type DutyDeps, IntakeDuties } from './intake-duties.js';
import { REFUSAL_STATUS } from './intake-problem.js';
import { sourceControllers } from './source-controllers.js';
import { SourceRequests } from './source-requests.js';

export interface IngestParts extends Omit<DutyDeps, 'targetsOf'> {
  teamQuota: number;
  metrics: Registry;
  channels: readonly Channel[];
}

@Module({})
export class IngestModule {
  static register(parts: IngestParts): DynamicModule {
    const { channels, expiry, log } = parts;
    const deps = { ...parts, targetsOf: (endpoint: Endpoint) => targetsOfEndpoint(endpoint, channels) };
    return {
      module: IngestModule,
      controllers: [IngestController, ...sources.flatMap(sourceControllers)],
      providers: [
        SourceRequests,
        {
          provide: Intake,
          inject: [TURN_QUEUES],
          useFactory: (queues: Pick<TurnQueues, 'wake'>) => intakeOf(parts, queues),
        },
        {
          provide: SourceIntake,
          inject: [Intake],
          useFactory: (intake: Intake) => new SourceIntake(intake, new AlertExpiry(expiry, Date.now), log),
        },
        { provide: IntakeDuties, inject: [Intake], useFactory: (intake: Intake) => createDuties(deps, intake) },
      ],
    };
  }
}

function intakeOf({ redis, watch, settings, teamQuota, metrics }: IngestParts, queues: Pick<TurnQueues, 'wake'>) {
  const refused = countRefusals(metrics);
  return createIntake({
    redis,
    watch,
    settings,
    channelOf: channelByType,
    wake: queues.wake,
    teamQuota,
    count: countEvents(metrics),
    countRefused: (reason) => refused(REFUSAL_STATUS[reason]),
  });
}

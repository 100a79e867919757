import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { channelByType } from '#libs/channels';
import type { Endpoint } from '#libs/contracts';
import { AlertExpiry, createIntake, createOverrunLog, Intake, SourceIntake } from '#libs/intake';
import { createMailboxes } from '#libs/mailbox';
import { Canceller, createCanceller, createReplayer, Replayer, targetsOfEndpoint } from '#libs/operations';
import { DeliveryLog } from '#libs/persistence';
import { EndpointTester, SettingsReload, SettingsStores } from '#libs/settings';
import { countEvents, countOverruns, countRefusals } from '#libs/telemetry';
import { ChannelsModule } from './channels/channels.module.js';
import { ConnectionsModule } from './connections.js';
import type { ApiDeps } from './create-deps.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { HealthModule } from './health/health.module.js';
import { Readiness } from './health/readiness.js';
import { IngestModule } from './ingest/ingest.module.js';
import { createDuties, IntakeDuties } from './ingest/intake-duties.js';
import { REFUSAL_STATUS } from './ingest/intake-problem.js';
import { CHANNELS, LANGUAGE, REDIS } from './injection/injection-keys.js';
import { QueuesModule } from './queues/queues.module.js';
import { TurnWaker } from './queues/turn-waker.js';
import { SettingsModule } from './settings/settings.module.js';
import { StatsModule } from './stats/stats.module.js';
import { UnroutedModule } from './unrouted/unrouted.module.js';

/** The composition root of the API: its modules in the order of their start, and every provider they share. */
@Module({})
export class AppModule {
  static register(deps: ApiDeps): DynamicModule {
    const providers = [...connected(deps), ...intake(deps), ...operations(deps)];
    return {
      module: AppModule,
      global: true,
      imports: [
        ConnectionsModule.register(deps.connections),
        QueuesModule.register(deps),
        SettingsModule,
        ChannelsModule,
        DeliveriesModule,
        StatsModule,
        UnroutedModule,
        HealthModule,
        IngestModule,
      ],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}

type Composed = Exclude<Provider, new (...args: never[]) => unknown>;

const connected = (deps: ApiDeps): Composed[] => [
  { provide: REDIS, useValue: deps.redis },
  { provide: CHANNELS, useValue: deps.channels },
  { provide: LANGUAGE, useValue: deps.lang },
  { provide: SettingsReload, useValue: deps.settings },
  { provide: SettingsStores, useValue: deps.stores },
  { provide: DeliveryLog, useValue: deps.deliveries },
  { provide: EndpointTester, useValue: deps.tester },
  { provide: Readiness, useValue: deps.readiness },
  { provide: Registry, useValue: deps.metrics },
];

/** Intake of events: from requests, from sources, and from the duties that raise events themselves. */
function intake(deps: ApiDeps): Composed[] {
  const { redis, watch, settings, teamQuota, metrics, channels, expiry, log } = deps;
  const refused = countRefusals(metrics);
  const overruns = countOverruns(metrics);
  const logOverrun = createOverrunLog(log);
  const targetsOf = (endpoint: Endpoint) => targetsOfEndpoint(endpoint, channels);
  return [
    {
      provide: Intake,
      inject: [TurnWaker],
      useFactory: (waker: TurnWaker) =>
        createIntake({
          ...{ redis, watch, settings, teamQuota },
          channelOf: channelByType,
          wake: (wakes) => waker.wake(wakes),
          count: countEvents(metrics),
          countRefused: (reason) => refused(REFUSAL_STATUS[reason]),
          onOverrun(overrun) {
            overruns(overrun.team);
            logOverrun(overrun);
          },
        }),
    },
    {
      provide: SourceIntake,
      inject: [Intake],
      useFactory: (intake: Intake) => new SourceIntake(intake, new AlertExpiry(expiry, Date.now), log),
    },
    {
      provide: IntakeDuties,
      inject: [Intake],
      useFactory: (intake: Intake) => createDuties({ ...deps, targetsOf }, intake),
    },
  ];
}

/** Acts of people on deliveries. */
function operations({ redis, watch, settings, log }: ApiDeps): Composed[] {
  const mailboxes = createMailboxes(redis, { shedding: watch.pressed });
  const onError = (error: unknown): void => log.debug({ err: error }, 'a turn could not be enqueued');
  return [
    {
      provide: Replayer,
      inject: [TurnWaker],
      useFactory: (queues: TurnWaker) =>
        createReplayer({ mailboxes, queues, settings, channelOf: channelByType, watch, onError }),
    },
    {
      provide: Canceller,
      inject: [TurnWaker],
      useFactory: (queues: TurnWaker) => createCanceller({ redis, mailboxes, queues, settings, onError }),
    },
  ];
}

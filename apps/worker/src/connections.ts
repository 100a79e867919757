import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';

/** The connections of the process: they begin to connect at start, and close after everything that uses them. */
export abstract class Connections {
  abstract start(): void;
  abstract stop(): Promise<void>;
}

/** Starts the connections before every other module and stops them after every other: Nest orders global modules so. */
@Module({})
export class ConnectionsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(Connections) private readonly connections: Connections) {}

  static register(connections: Connections): DynamicModule {
    return {
      module: ConnectionsModule,
      global: true,
      providers: [{ provide: Connections, useValue: connections }],
    };
  }

  onApplicationBootstrap(): void {
    this.connections.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.stop();
  }
}

import 'reflect-metadata';
import { getQueueToken } from '@nestjs/bullmq';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { queueName } from '#libs/contracts';
import { readOverview } from '#libs/operations';
import { sources } from '#libs/sources';
import { describeIssue } from '#libs/validation';
import { AccessGuard } from './access/allow.js';
import type { KeyVerifier } from './access/key-verifier.js';
import { AppModule } from './app.module.js';
import { createBoardView } from './board/board-view.js';
import { serveBoard } from './board/serve-board.js';
import { serveConsole } from './console/serve-console.js';
import type { ApiDeps } from './create-deps.js';
import { serveDocs } from './docs/api-document.js';
import { eventRoutes } from './http/event-routes.js';
import { nestLogger } from './http/nest-logger.js';
import { ProblemFilter } from './http/problem.filter.js';
import { unavailable } from './http/problem.js';
import { ZodPipe } from './http/zod.pipe.js';
import { EVENTS_ROUTE } from './ingest/ingest.controller.js';
import { routesOfSource } from './ingest/source-routes.js';
import { createServer } from './server/create-server.js';
import type { ServerLimits } from './server/server-limits.js';

export interface AppOptions extends ApiDeps {
  verifyKey: KeyVerifier;
  metricsAuth: boolean;
  /** Bounds on clients; by the open files that the process may have if absent. */
  limits?: ServerLimits;
  /** Folder of the built console; beside the built API if absent. */
  consoleFolder?: string;
}

/** The initialised API, not listening yet. It starts without Redis and PostgreSQL. */
export async function createApp({
  verifyKey,
  metricsAuth,
  limits,
  consoleFolder,
  ...deps
}: AppOptions): Promise<NestFastifyApplication> {
  // One wording of validation errors for all schemas.
  z.config({ customError: describeIssue });
  const routes = eventRoutes([EVENTS_ROUTE, ...sources.flatMap(routesOfSource)]);
  const { server, methods } = createServer({ ...deps, verifyKey, metricsAuth, routes, ...(limits && { limits }) });
  serveConsole(server, consoleFolder);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(deps),
    new FastifyAdapter(server as never),
    {
      bodyParser: false,
      logger: nestLogger(deps.log),
      abortOnError: false,
    },
  );
  app.useGlobalFilters(new ProblemFilter(deps.log, methods, routes));
  app.useGlobalGuards(new AccessGuard());
  app.useGlobalPipes(new ZodPipe());
  serveDocs(app);
  openBoard(server, app, deps);
  await app.init();
  await server.ready();
  return app;
}

function openBoard(
  server: FastifyInstance,
  app: NestFastifyApplication,
  { redis, settings, channels, log }: ApiDeps,
): void {
  const read = async () => {
    const known = settings.current();
    if (!known) throw unavailable('no settings could be read from the database yet');
    return readOverview(redis, known, channels, null);
  };
  const queueOf = (type: string) => app.get<Queue>(getQueueToken(queueName(type)), { strict: false });
  const queues = new Map(channels.map(({ type }) => [type, queueOf(type)]));
  serveBoard(server, { queues, view: createBoardView(read, () => performance.now()), log });
}

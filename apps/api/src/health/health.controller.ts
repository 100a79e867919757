import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { problemSchema } from '../docs/problem.schema.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { Problem } from '../http/problem.js';
import { Readiness } from './readiness.js';
import { sharedResult } from './shared-result.js';

/** Shortest time between two collections of metrics, in milliseconds. */
const COLLECT_EVERY_MS = 1_000;

const liveAnswer = z.object({ status: z.literal('ok') });
const readyAnswer = z.object({
  status: z.literal('ready'),
  degraded: z.array(z.object({ path: z.string(), message: z.string() })),
});
const notReadyAnswer = problemSchema.extend({ missing: z.array(z.string()) });

const bodyOf = (type: string, schema: z.ZodType) => ({ [type]: { schema: toOpenApi(schema, 'output') as object } });

@ApiTags('operations')
@Controller()
export class HealthController {
  /** The text of the metrics, as bytes that all answers of a second share. */
  private readonly metricsText: () => Promise<Buffer>;

  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Registry) private readonly registry: Registry,
  ) {
    const collect = async () => Buffer.from(await registry.metrics());
    this.metricsText = sharedResult(collect, { everyMs: COLLECT_EVERY_MS, now: () => performance.now() });
  }

  @Get('healthz')
  @ApiOperation({ summary: 'Liveness of the process' })
  @ApiResponse({ status: 200, description: 'OK', content: bodyOf('application/json', liveAnswer) })
  health() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Readiness to accept events', operationId: 'readinessHealth' })
  @ApiResponse({
    status: 200,
    description: 'OK; `degraded` lists optional dependencies that are not available',
    content: bodyOf('application/json', readyAnswer),
  })
  @ApiResponse({
    status: 503,
    description: 'Service unavailable; `missing` and `errors` list the dependencies that are not available',
    content: bodyOf('application/problem+json', notReadyAnswer),
  })
  async ready() {
    const { missing, degraded } = await this.readiness.report();
    if (missing.length === 0) return { status: 'ready', degraded };
    const names = missing.map(({ path }) => path);
    throw new Problem(
      503,
      `not ready, missing: ${missing.map(({ path, message }) => `${path} (${message})`).join(', ')}`,
      {
        errors: missing,
        facts: { missing: names },
        headers: { 'retry-after': '2' },
      },
    );
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus, collected once a second at most' })
  @ApiResponse({ status: 200, description: 'OK' })
  async metrics(@Res() reply: FastifyReply) {
    await reply.type(this.registry.contentType).send(await this.metricsText());
  }
}

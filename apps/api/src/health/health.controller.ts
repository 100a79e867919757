import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { problemSchema } from '../docs/problem.schema.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { Problem } from '../http/problem.js';
import { METRICS_REGISTRY, READINESS_CHECKS, type ReadinessCheck } from '../tokens.js';
import { checkReadiness } from './check-readiness.js';

const lives = z.object({ status: z.literal('ok') });
const ready = z.object({
  status: z.literal('ready'),
  degraded: z.array(z.object({ path: z.string(), message: z.string() })),
});
const notReady = problemSchema.extend({ missing: z.array(z.string()) });

const bodyOf = (type: string, schema: z.ZodType) => ({ [type]: { schema: toOpenApi(schema, 'output') as object } });

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
    @Inject(METRICS_REGISTRY) private readonly metricsRegistry: Registry,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiResponse({ status: 200, description: 'it does', content: bodyOf('application/json', lives) })
  health() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether the process can take events' })
  @ApiResponse({
    status: 200,
    description: 'it can; `degraded` names what is missing all the same',
    content: bodyOf('application/json', ready),
  })
  @ApiResponse({
    status: 503,
    description: 'it cannot; `missing` and `errors` name what is missing',
    content: bodyOf('application/problem+json', notReady),
  })
  async readiness() {
    const { missing, degraded } = await checkReadiness(this.checks);
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
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ApiResponse({ status: 200, description: 'the metrics' })
  async metrics(@Res() reply: FastifyReply) {
    await reply.type(this.metricsRegistry.contentType).send(await this.metricsRegistry.metrics());
  }
}

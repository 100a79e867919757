import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { Problem } from '../http/problem.js';
import { METRICS_REGISTRY, READINESS_CHECKS, type ReadinessCheck } from '../tokens.js';
import { checkReadiness } from './check-readiness.js';

@ApiTags('operations')
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[],
    @Inject(METRICS_REGISTRY) private readonly metricsRegistry: Registry,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: 'Whether the process lives' })
  @ApiResponse({ status: 200, description: 'it does' })
  health() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether the process can take events' })
  @ApiResponse({ status: 200, description: 'it can; `degraded` names what is missing all the same' })
  @ApiResponse({ status: 503, description: 'it cannot; `missing` and `errors` name what is missing' })
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

import { Controller, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IntakeReport } from '#libs/intake';
import type { Principal } from '#libs/security';
import { readWebhook } from '#libs/sources';
import { Allow, Caller } from '../access/allow.js';
import { Describe, DescribeBody, Section } from '../docs/api-docs.js';
import { type IntakeQuery, intakeExample, intakeQuery } from './ingest.schemas.js';
import { alertmanagerExample, grafanaExample, webhookAnswer, webhookBody } from './source.schemas.js';
import { type AlertRequest, SourceRequests } from './source-requests.js';

type WebhookReport = IntakeReport & { truncatedAlerts?: number };

const DESCRIBED = {
  description:
    "Each alert's own status counts. Bad alerts are named in `rejected`, and the others taken; 400 only when all are bad. " +
    'Over a quota the answer is 503, since senders do not try again after 429.',
  answer: webhookAnswer,
  status: 202,
  errors: [400, 413, 415],
  example: intakeExample,
};

@Section('sources')
@Controller('api/v1/ingest')
export class WebhooksController {
  constructor(@Inject(SourceRequests) private readonly sources: SourceRequests) {}

  @Post('alertmanager')
  @HttpCode(202)
  @Allow('ingest')
  @DescribeBody(webhookBody, alertmanagerExample)
  @Describe({ summary: "Takes Alertmanager's webhook payload, version 4", ...DESCRIBED })
  postAlertmanager(
    @Caller() caller: Principal,
    @Query({ schema: intakeQuery }) query: IntakeQuery,
    @Req() request: FastifyRequest,
  ): Promise<WebhookReport> {
    return this.take({ caller, request, detail: query.detail === 'true' });
  }

  @Post('grafana')
  @HttpCode(202)
  @Allow('ingest')
  @DescribeBody(webhookBody, grafanaExample)
  @Describe({ summary: "Takes Grafana's webhook payload", ...DESCRIBED })
  postGrafana(
    @Caller() caller: Principal,
    @Query({ schema: intakeQuery }) query: IntakeQuery,
    @Req() request: FastifyRequest,
  ): Promise<WebhookReport> {
    return this.take({ caller, request, detail: query.detail === 'true' });
  }

  @Put('grafana')
  @HttpCode(202)
  @Allow('ingest')
  @DescribeBody(webhookBody, grafanaExample)
  @Describe({ summary: "Takes Grafana's webhook payload, where Grafana is set to PUT", ...DESCRIBED })
  putGrafana(
    @Caller() caller: Principal,
    @Query({ schema: intakeQuery }) query: IntakeQuery,
    @Req() request: FastifyRequest,
  ): Promise<WebhookReport> {
    return this.take({ caller, request, detail: query.detail === 'true' });
  }

  private async take(from: AlertRequest): Promise<WebhookReport> {
    const { alerts, truncatedAlerts } = this.sources.parse(() => readWebhook(from.request.body), from);
    const report = await this.sources.take(alerts, ['alerts'], from);
    return truncatedAlerts > 0 ? { ...report, truncatedAlerts } : report;
  }
}

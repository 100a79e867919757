import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#libs/security';
import { readPostedAlerts } from '#libs/sources';
import { Allow, Caller } from '../access/allow.js';
import { Describe, DescribeBody, Section } from '../docs/api-docs.js';
import { badRequest } from '../http/problem.js';
import { rejectionErrors } from './intake-problem.js';
import { postedAlerts, postedAlertsExample } from './source.schemas.js';
import { SourceRequests } from './source-requests.js';

@Section('sources')
@Controller('api/v2/alerts')
export class AlertmanagerApiController {
  constructor(@Inject(SourceRequests) private readonly sources: SourceRequests) {}

  @Post()
  @HttpCode(200)
  @Allow('ingest')
  @DescribeBody(postedAlerts, postedAlertsExample)
  @Describe({
    summary: "Takes alerts as Alertmanager's API v2 does, of Prometheus and others that name Tocsin as an Alertmanager",
    description:
      'An alert fires until its `endsAt`, without one for five minutes; an `endsAt` in the past is a recovery. ' +
      'One that is not repeated recovers half a minute after its end; when most alerts of a key are not, they are held and ' +
      'a `nodata` event tells of it. 400 names ' +
      'bad alerts; the others were taken. The webhook object that KubeSphere posts here is taken too. Over a quota the ' +
      'answer is 503.',
    errors: [400, 413, 415],
  })
  async post(@Caller() caller: Principal, @Req() request: FastifyRequest): Promise<void> {
    const from = { caller, request };
    const { alerts } = this.sources.parse(() => readPostedAlerts(request.body, Date.now()), from);
    const place = Array.isArray(request.body) ? [] : ['alerts'];
    const { rejected } = await this.sources.take(alerts, place, from);
    if (rejected.length > 0) throw badRequest(rejectionErrors(rejected, place), { rejected });
  }
}

import { Controller, HttpCode, Inject, Options, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Intake, type IntakeReport, parseCarried } from '#libs/intake';
import type { Principal } from '#libs/security';
import { hasBinaryAttributes, readBinaryCloudEvent, readCloudEvent, readCloudEvents } from '#libs/sources';
import { Allow, Caller } from '../access/allow.js';
import { Describe, DescribeBody, Section } from '../docs/api-docs.js';
import { badRequest } from '../http/problem.js';
import { type IntakeQuery, intakeAnswer, intakeExample, intakeQuery } from './ingest.schemas.js';
import { intakeProblem } from './intake-problem.js';
import { isGone } from './is-gone.js';
import { cloudEventBody, cloudEventExample } from './source.schemas.js';

const BATCH = /^application\/cloudevents-batch\b/i;
const STRUCTURED = /^application\/cloudevents\b/i;

@Section('sources')
@Controller('api/v1/ingest/cloudevents')
export class CloudEventsController {
  constructor(@Inject(Intake) private readonly intake: Intake) {}

  @Post()
  @HttpCode(202)
  @Allow('ingest')
  @ApiConsumes('application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json')
  @DescribeBody(cloudEventBody, cloudEventExample)
  @Describe({
    summary: 'Takes CloudEvents 1.0 with an alert event as data: structured, batched, or binary with `ce-` headers',
    description:
      "The event's id is made of the CloudEvent's source and id, so that one sent again is a duplicate; its time is " +
      '`startsAt` where the data has none, or `endsAt` of a recovery.',
    answer: intakeAnswer,
    status: 202,
    errors: [400, 413, 415, 429],
    example: intakeExample,
  })
  async post(
    @Caller() caller: Principal,
    @Query({ schema: intakeQuery }) query: IntakeQuery,
    @Req() request: FastifyRequest,
  ): Promise<IntakeReport> {
    const type = request.headers['content-type'] ?? '';
    // The type of a batch begins like that of a single event.
    const isBatch = BATCH.test(type);
    try {
      const carried = isBatch ? readCloudEvents(request.body) : [readSingle(request, STRUCTURED.test(type))];
      const options = { team: caller.team, detail: query.detail === 'true', isGone: isGone(request) };
      return await this.intake.take(carried.map(parseCarried), options);
    } catch (error) {
      throw intakeProblem(error, isBatch ? [] : undefined) ?? error;
    }
  }

  @Options()
  @HttpCode(204)
  @Allow('ingest')
  @Describe({
    summary: 'Agrees to be sent events by the origin that asks, at any rate',
    description: 'The validation that HTTP 1.1 Web Hooks for Event Delivery asks of a receiver.',
    status: 204,
  })
  agree(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    const origin = request.headers['webhook-request-origin'];
    reply.header('allow', 'POST');
    if (typeof origin === 'string') reply.headers({ 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' });
  }
}

function readSingle(request: FastifyRequest, isStructured: boolean) {
  if (isStructured) return readCloudEvent(request.body);
  if (hasBinaryAttributes(request.headers)) return readBinaryCloudEvent(request.headers, request.body);
  throw badRequest([
    { path: '', message: 'is no CloudEvent: send application/cloudevents+json, or the attributes as ce- headers' },
  ]);
}

import { Readable } from 'node:stream';
import { Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { eventLines, eventsOfJson, Intake, type IntakeReport, NoEvents } from '#libs/intake';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { Describe, DescribeBody, Section } from '../docs/api-docs.js';
import type { EventRoute } from '../http/event-routes.js';
import {
  eventLinesBody,
  eventsBody,
  type IntakeQuery,
  intakeAnswer,
  intakeExample,
  intakeQuery,
} from './ingest.schemas.js';
import { intakeProblem } from './intake-problem.js';
import { isGone } from './is-gone.js';

const EVENT_EXAMPLE = {
  policy: 'cpu-high',
  object: 'host-42',
  level: 'fatal',
  title: 'CPU above 90 % on host-42',
  value: 93.4,
  unit: '%',
};

const PATH = '/api/v1/events';
const NDJSON = 'application/x-ndjson';

export const EVENTS_ROUTE: EventRoute = { path: PATH, jsonTypes: [], streamTypes: [NDJSON] };

@Section('events')
@Controller(PATH)
export class IngestController {
  constructor(@Inject(Intake) private readonly intake: Intake) {}

  @Post()
  @HttpCode(202)
  @Allow('ingest')
  @ApiConsumes('application/json', NDJSON)
  @DescribeBody(eventsBody, EVENT_EXAMPLE, { [NDJSON]: eventLinesBody })
  @Describe({
    summary: 'Accepts alert events: one, an array, or NDJSON of any length',
    description:
      'The answer is sent when all accepted events are safe. Valid events are accepted although others are rejected; 400 ' +
      'only if all are rejected. 429, 503 or a lost answer make no promise; sending the same ids again is safe.',
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
    const { body } = request;
    try {
      const events = body instanceof Readable ? eventLines(body) : eventsOfJson(body);
      const report = await this.intake.take(events, {
        team: caller.team,
        detail: query.detail === 'true',
        isGone: isGone(request),
      });
      if (report.received === 0) throw new NoEvents([{ path: '', message: 'holds no events' }]);
      return report;
    } catch (error) {
      const isBatch = Array.isArray(body) || body instanceof Readable;
      throw intakeProblem(error, isBatch ? [] : undefined) ?? error;
    }
  }
}

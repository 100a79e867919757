import {
  applyDecorators,
  Controller,
  HttpCode,
  Inject,
  Options,
  Post,
  Put,
  Query,
  Req,
  Res,
  type Type,
} from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#libs/security';
import type { Source } from '#libs/sources';
import { Allow, Caller } from '../access/allow.js';
import { Describe, DescribeBody, Section } from '../docs/api-docs.js';
import { type IntakeQuery, intakeAnswer, intakeExample, intakeQuery, webhookAnswer } from './ingest.schemas.js';
import { type SourceReport, SourceRequests } from './source-requests.js';
import { routesOfSource } from './source-routes.js';

const ROUTES = { POST: Post, PUT: Put };

/** The controllers of a source, one for each of its paths. Nest needs a class for each. */
export function sourceControllers(source: Source): Type[] {
  const operationIds = new Map(source.http.aliases?.map(({ path, operationId }) => [path as string, operationId]));
  return routesOfSource(source).map(({ path }) => sourceController(source, path, operationIds.get(path)));
}

function sourceController(source: Source, path: string, operationId: string | undefined): Type {
  @Section('sources')
  @Controller(path)
  class SourceController {
    constructor(@Inject(SourceRequests) private readonly requests: SourceRequests) {}

    @Operation(source, 'POST', operationId)
    post(
      @Caller() caller: Principal,
      @DetailQuery(source) query: IntakeQuery | undefined,
      @Req() request: FastifyRequest,
    ): Promise<SourceReport | undefined> {
      return this.requests.take(source, { caller, request, detail: query?.detail === 'true' });
    }

    @Operation(source, 'PUT', operationId)
    put(
      @Caller() caller: Principal,
      @DetailQuery(source) query: IntakeQuery | undefined,
      @Req() request: FastifyRequest,
    ): Promise<SourceReport | undefined> {
      return this.post(caller, query, request);
    }

    @Handshake(source)
    agree(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
      reply.headers(source.http.handshake?.headers(request.headers) ?? {});
    }
  }
  const name = `${source.type[0]?.toUpperCase()}${source.type.slice(1)}`;
  Object.defineProperty(SourceController, 'name', { value: `${name}Controller` });
  return SourceController;
}

/** The route of a method that the source takes. */
function Operation(source: Source, method: 'POST' | 'PUT', operationId: string | undefined): MethodDecorator {
  const { type: _type, payload, example, http } = source;
  const operation = http.operations[method];
  if (!operation) return applyDecorators();
  const isReport = http.answer === 'report';
  return applyDecorators(
    ROUTES[method](),
    HttpCode(isReport ? 202 : 200),
    Allow('ingest'),
    ApiConsumes(...(http.contentTypes ?? []), 'application/json'),
    DescribeBody(payload, example, http.payloads),
    Describe({
      summary: operation.summary,
      description: http.description,
      operationId: operationId ?? operation.operationId,
      errors: [400, 413, 415, ...(http.overQuota === 429 ? [429] : [])],
      ...(isReport && { answer: http.truncates ? webhookAnswer : intakeAnswer, status: 202, example: intakeExample }),
    }),
  );
}

/** The query of a source that answers with a report; senders to other products' paths may add any query. */
const DetailQuery = ({ http }: Source): ParameterDecorator =>
  http.answer === 'report' ? Query({ schema: intakeQuery }) : () => {};

function Handshake({ http }: Source): MethodDecorator {
  if (!http.handshake) return applyDecorators();
  const { headers: _, ...described } = http.handshake;
  return applyDecorators(Options(), HttpCode(204), Allow('ingest'), Describe({ ...described, status: 204 }));
}

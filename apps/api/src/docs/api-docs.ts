import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem.schema.js';
import { toOpenApi } from './to-open-api.js';

const ERRORS: Record<number, string> = {
  400: 'the request does not fit; `errors` says what is wrong with which field',
  401: 'no valid API key',
  403: 'the key does not allow this',
  404: 'there is no such thing',
  409: 'it contradicts something that is there',
  413: 'the request is too large',
  415: 'the content type is not supported',
  429: 'too much; see Retry-After',
  503: 'something that is needed is away; see Retry-After',
};
/** Any request that needs a key may end so. */
const ALWAYS = [401, 403, 503];

export interface Described {
  summary: string;
  description?: string;
  /** Name of the operation in the OpenAPI document; made of the controller and its method if absent. */
  operationId?: string | undefined;
  /** What a success answers with; absent for an answer without a body. */
  answer?: z.ZodType;
  status?: number;
  /** Statuses of errors besides those that are always possible. */
  errors?: readonly number[];
  example?: unknown;
}

/** Describes a handler: its answer, and every problem it may answer with. */
export function Describe({
  summary,
  description,
  operationId,
  answer,
  status = 200,
  errors = [],
  example,
}: Described): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, ...(description && { description }), ...(operationId && { operationId }) }),
    ApiResponse({
      status,
      description: status === 204 ? 'done' : 'as asked',
      ...(answer && {
        content: {
          'application/json': {
            schema: toOpenApi(answer, 'output') as object,
            ...(example !== undefined && { example }),
          },
        },
      }),
    }),
    ...[...errors, ...ALWAYS].toSorted((a, b) => a - b).map(problemResponse),
  );
}

function problemResponse(status: number): MethodDecorator & ClassDecorator {
  const schema = toOpenApi(problemSchema, 'output') as object;
  return ApiResponse({
    status,
    description: ERRORS[status] ?? 'a problem',
    content: { 'application/problem+json': { schema } },
  });
}

/** The body of a handler that reads it without a schema. */
export function DescribeBody(schema: z.ZodType, example?: unknown): MethodDecorator {
  return ApiBody({
    schema: toOpenApi(schema, 'input') as object,
    ...(example !== undefined && { examples: { example: { value: example } } }),
  });
}

/** A controller whose routes ask for a key. */
export const Section = (tag: string): ClassDecorator =>
  applyDecorators(ApiTags(tag), ApiBearerAuth('key')) as ClassDecorator;

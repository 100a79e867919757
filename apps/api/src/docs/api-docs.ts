import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { problemSchema } from './problem.schema.js';
import { toOpenApi } from './to-open-api.js';

const ERRORS: Record<number, string> = {
  400: 'Bad request; `errors` names each wrong field and the reason',
  401: 'Unauthorized: no valid API key',
  403: 'Forbidden: the role of the key does not allow this',
  404: 'Not found',
  409: 'Conflict with an existing resource',
  413: 'Content too large',
  415: 'Unsupported content type',
  429: 'Too many requests; see Retry-After',
  503: 'Service unavailable: the database or Redis does not answer; see Retry-After',
};
const SUCCESSES: Record<number, string> = { 201: 'Created', 202: 'Accepted', 204: 'No content' };
/** Statuses that any request with a key may have. */
const ALWAYS = [401, 403, 503];

export interface Described {
  summary: string;
  description?: string;
  /** The body of a success; absent if there is none. */
  answer?: z.ZodType;
  status?: number;
  /** Statuses of errors beside {@link ALWAYS}. */
  errors?: readonly number[];
  example?: unknown;
}

/** Describes a handler: its answer, and each problem that it may answer with. */
export function Describe({
  summary,
  description,
  answer,
  status = 200,
  errors = [],
  example,
}: Described): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, ...(description && { description }) }),
    ApiResponse({
      status,
      description: SUCCESSES[status] ?? 'OK',
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

/** A section of the document for a controller whose routes need a key. */
export const Section = (tag: string): ClassDecorator =>
  applyDecorators(ApiTags(tag), ApiBearerAuth('key')) as ClassDecorator;

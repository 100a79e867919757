import { applyDecorators } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiExtension,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import { BODIES_BY_TYPE } from './bodies-by-type.js';
import { problemSchema } from './problem.schema.js';
import { toOpenApi } from './to-open-api.js';

const ERRORS: Record<number, string> = {
  400: 'Invalid request; `errors` names the fields and their errors',
  401: 'Missing or invalid API key',
  403: 'Forbidden for the role of this key',
  404: 'Not found',
  409: 'Conflict with an existing resource',
  413: 'Request too large',
  415: 'Unsupported content type',
  429: 'Over the quota, or too many wrong keys from this address; see Retry-After',
  431: 'Request headers too large; the path and the query count as headers',
  503: 'A dependency is unavailable; see Retry-After',
};
const DESCRIPTIONS: Record<number, string> = { 201: 'Created', 202: 'Accepted', 204: 'No content' };
/** Statuses that any request with a key may have. */
const ALWAYS = [401, 403, 429, 431, 503];
/** A 429 of a handler without a quota. */
const WRONG_KEYS = 'Too many wrong keys from this address; see Retry-After';

export interface Described {
  summary: string;
  description?: string;
  /** Name of the operation in the OpenAPI document; made of the controller and its method if absent. */
  operationId?: string | undefined;
  /** Schema of the answer to a success; absent without a body. */
  answer?: z.ZodType;
  status?: number;
  /** Statuses of errors besides those that are always possible. */
  errors?: readonly number[];
  example?: unknown;
}

/** Describes a handler: its answer, and its possible problems. */
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
      description: DESCRIPTIONS[status] ?? 'OK',
      ...(answer && {
        content: {
          'application/json': {
            schema: toOpenApi(answer, 'output') as object,
            ...(example !== undefined && { example }),
          },
        },
      }),
    }),
    ...[...new Set([...errors, ...ALWAYS])]
      .toSorted((a, b) => a - b)
      .map((error) => problemResponse(error, error === 429 && !errors.includes(error) ? WRONG_KEYS : ERRORS[error])),
  );
}

function problemResponse(status: number, description = 'Problem'): MethodDecorator & ClassDecorator {
  const schema = toOpenApi(problemSchema, 'output') as object;
  return ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema } },
  });
}

/**
 * Describes the body of a handler that reads it without a schema.
 *
 * @param byType schemas of content types whose bodies differ
 */
export function DescribeBody(
  schema: z.ZodType,
  example?: unknown,
  byType: Readonly<Record<string, z.ZodType>> = {},
): MethodDecorator {
  const bodies = Object.entries(byType).map(([type, body]) => [type, toOpenApi(body, 'input')]);
  return applyDecorators(
    ApiBody({
      schema: toOpenApi(schema, 'input') as object,
      ...(example !== undefined && { examples: { example: { value: example } } }),
    }),
    ...(bodies.length > 0 ? [ApiExtension(BODIES_BY_TYPE, Object.fromEntries(bodies))] : []),
  );
}

/** Describes a controller whose routes require a key. */
export const Section = (tag: string): ClassDecorator =>
  applyDecorators(ApiTags(tag), ApiBearerAuth('key'), ApiBasicAuth('basic')) as ClassDecorator;

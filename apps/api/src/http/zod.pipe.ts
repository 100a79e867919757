import { Readable } from 'node:stream';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { fieldErrors, unstorableText } from '#libs/validation';
import { badRequest, Problem } from './problem.js';

/**
 * Checks bodies and queries by the zod schema that the handler's parameter names: `@Body({ schema })`. What a handler
 * gets is what the schema made of the input; a parameter without a schema is handed on as it came.
 */
export class ZodPipe implements PipeTransform {
  transform(value: unknown, { schema, type }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    if (value instanceof Readable)
      throw new Problem(415, 'the content type is not supported here: send application/json');
    const unstorable = unstorableText(value);
    if (unstorable.length > 0) throw badRequest(unstorable);
    const result = schema.safeParse(type === 'query' ? { ...(value as object) } : value);
    if (!result.success) throw badRequest(fieldErrors(result.error.issues));
    return result.data;
  }
}

import { Readable } from 'node:stream';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { fieldErrors, unstorableText } from '#libs/validation';
import { badRequest, Problem } from './problem.js';

/**
 * Validates bodies and queries by the zod schema of the handler's parameter: `@Body({ schema })`. The handler gets the
 * schema's output. A parameter without a schema is passed unchanged.
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

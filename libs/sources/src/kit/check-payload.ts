import type { z } from 'zod';
import { describeIssue, fieldErrors } from '#libs/validation';
import type { RefusedAlert } from '../source.js';

export { found } from '#libs/validation';

/** A value checked by its schema, or its errors. */
export function checkPayload<T extends z.ZodType>(
  schema: T,
  value: unknown,
): { ok: true; value: z.output<T> } | RefusedAlert {
  const parsed = schema.safeParse(value, { error: describeIssue });
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, errors: fieldErrors(parsed.error.issues) };
}

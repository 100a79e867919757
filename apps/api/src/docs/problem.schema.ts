import { z } from 'zod';

/** RFC 9457; see Problem. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'fields and their errors' }),
  })
  .meta({
    id: 'Problem',
    example: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'pushPeriod must be 0s or a whole number with s, m, h or d (at most 365d), not "1 hour"',
      errors: [
        { path: 'pushPeriod', message: 'must be 0s or a whole number with s, m, h or d (at most 365d), not "1 hour"' },
      ],
    },
  });

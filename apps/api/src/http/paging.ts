import { z } from 'zod';
import { fieldError } from '#libs/validation';
import { badRequest } from './problem.js';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

/** Query parameters of every list. */
export const pageQuery = {
  limit: z
    .string()
    .refine((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= LIMIT_MAX, {
      error: (issue) =>
        `must be a whole number from 1 to ${LIMIT_MAX}, not ${JSON.stringify(String(issue.input).slice(0, 20))}`,
    })
    .default(String(LIMIT_DEFAULT))
    .transform(Number)
    .meta({ description: `most items of the page, up to ${LIMIT_MAX}` }),
  cursor: z.string().max(8_000).optional().meta({ description: '`nextCursor` of the previous page' }),
};

export const teamQuery = z.string().min(1).max(64).optional().meta({ description: 'a team; with a platform key only' });

/** Position of a cursor; undefined without one. @throws Problem if it is not a cursor of this list */
export function readCursor<T>(cursor: string | undefined, decode: (text: string) => T | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  const place = decode(cursor);
  if (place === undefined) throw badRequest([fieldError(['cursor'], 'is no cursor that this list gave out')]);
  return place;
}

/** Schema of a page, for the description of the API. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'for the next page; null on the last one' }),
  });

import { z } from 'zod';
import { fieldError } from '#libs/validation';
import { badRequest } from './problem.js';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

/** What every list takes. */
export const pageQuery = {
  limit: z
    .string()
    .refine((text) => /^[1-9]\d{0,2}$/.test(text) && Number(text) <= LIMIT_MAX, {
      error: (issue) =>
        `must be a whole number from 1 to ${LIMIT_MAX}, not ${JSON.stringify(String(issue.input).slice(0, 20))}`,
    })
    .default(String(LIMIT_DEFAULT))
    .transform(Number)
    .meta({ description: `how many items at most, up to ${LIMIT_MAX}` }),
  cursor: z.string().max(8_000).optional().meta({ description: '`nextCursor` of the page before' }),
};

export const teamQuery = z.string().min(1).max(64).optional().meta({ description: 'a team; with a platform key only' });

/** The place a cursor stands for; undefined where there is none. @throws Problem where it is no cursor of this list */
export function readCursor<T>(cursor: string | undefined, decode: (text: string) => T | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  const place = decode(cursor);
  if (place === undefined) throw badRequest([fieldError(['cursor'], 'is no cursor that this list gave out')]);
  return place;
}

/** The shape of a page, for the description of the API. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'for the next page; null on the last one' }),
  });

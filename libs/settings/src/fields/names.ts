import { z } from 'zod';

export const teamKeySchema = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'the team it belongs to', example: 'default' });

export const NAME_CHARS_MAX = 200;
/** A name for people: one line that is not blank. */
export const nameSchema = z
  .string()
  .min(1)
  .max(NAME_CHARS_MAX)
  .refine((name) => /\S/u.test(name) && !/[\r\n]/.test(name), { error: 'must be one line that is not blank' });

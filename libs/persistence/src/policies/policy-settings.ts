import { z } from 'zod';
import { LEVELS } from '#libs/contracts';
import { compileMatch, MatchError, REGEX_CHARS_MAX } from '#libs/matching';

const MATCH_ENTRIES_MAX = 50;
export const POLICY_KEY_CHARS_MAX = 256;
export const POLICY_ENDPOINTS_MAX = 1_000;

export const policyKeySchema = z
  .string()
  .min(1)
  .max(POLICY_KEY_CHARS_MAX)
  .meta({ description: 'the `policy` of the events it takes, or `*` for all events of its team', example: 'cpu-high' });

export const teamKeySchema = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'the team it belongs to', example: 'default' });

export const NAME_CHARS_MAX = 200;
/** Names are for people: one line with something in it. */
export const nameSchema = z
  .string()
  .min(1)
  .max(NAME_CHARS_MAX)
  .refine((name) => /\S/u.test(name) && !/[\r\n]/.test(name), { error: 'must be one line that is not blank' });

/** What an event must satisfy; see compileMatch for what the entries mean. */
export const matchSchema = z
  .record(z.string().min(1).max(256), z.string().max(REGEX_CHARS_MAX + 1))
  .superRefine((match, context) => {
    const names = Object.keys(match);
    if (names.length === 0) {
      context.addIssue({
        code: 'custom',
        message: 'must have at least one entry; leave it out to take events by their policy',
      });
    }
    if (names.length > MATCH_ENTRIES_MAX) {
      context.addIssue({
        code: 'custom',
        message: `has ${names.length} entries, at most ${MATCH_ENTRIES_MAX} are allowed`,
      });
      return;
    }
    for (const name of names) {
      const why = whyUnusable(name, match[name] as string);
      if (why) context.addIssue({ code: 'custom', path: [name], message: why });
    }
  })
  .meta({
    description:
      '`policy`, `object`, `level` or the name of a label, to a value, or to `~` and a regular expression (RE2) for the whole value',
    example: { region: 'gz', object: '~host-\\d+' },
  });

function whyUnusable(name: string, pattern: string): string | undefined {
  if (name === 'level' && !pattern.startsWith('~') && !(LEVELS as readonly string[]).includes(pattern)) {
    return `must be one of ${LEVELS.join(', ')}, or ~ and a regular expression`;
  }
  try {
    compileMatch({ [name]: pattern });
    return undefined;
  } catch (error) {
    if (error instanceof MatchError) return error.message;
    throw error;
  }
}

/** A policy as it is created; changing one means merging a patch into this shape and checking it again. */
export const policySettingsSchema = z.strictObject({
  key: policyKeySchema,
  name: nameSchema.optional().meta({ description: 'for people; the key where there is none' }),
  team: teamKeySchema.optional(),
  endpoints: z
    .array(z.string().min(1).max(64))
    .max(POLICY_ENDPOINTS_MAX)
    .default([])
    .meta({ description: 'ids of endpoints of the same team' }),
  match: matchSchema.nullable().default(null),
  enabled: z.boolean().default(true),
});
export type PolicySettings = z.output<typeof policySettingsSchema>;
